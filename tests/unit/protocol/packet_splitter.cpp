#include "protocol/packet_splitter.h"

#include "protocol/fixed_header.h"
#include "tests/support/packet_builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include <doctest/doctest.h>

using protocol::DecodeError;
using protocol::FixedHeader;
using protocol::Frame;
using protocol::NeedMore;
using protocol::PacketSplitter;
using test::from_hex;

namespace {

bool inside(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

std::string error_of(PacketSplitter& splitter, std::string_view input) {
    const auto result = splitter.next(input);
    const auto* error = std::get_if<DecodeError>(&result);
    return error ? std::string(error->message) : "no error";
}

}  // namespace

TEST_CASE("Remaining Length is read at every size of its field [MQTT-2.2.3]") {
    struct Row {
        const char* hex;
        std::uint32_t length;
        std::size_t size;
    };
    for (const Row row :
         {Row{"c0 00", 0, 2}, Row{"c0 7f", 127, 2}, Row{"c0 80 01", 128, 3}, Row{"c0 ff 7f", 16383, 3},
          Row{"c0 80 80 01", 16384, 4}, Row{"c0 ff ff 7f", 2097151, 4}, Row{"c0 80 80 80 01", 2097152, 5},
          Row{"c0 ff ff ff 7f", 268435455, 5}, Row{"c0 80 00", 0, 3}}) {
        CAPTURE(row.hex);
        const std::string bytes = from_hex(row.hex);
        const FixedHeader header = protocol::read_fixed_header(bytes);
        CHECK(header.status == FixedHeader::Status::complete);
        CHECK(header.remaining_length == row.length);
        CHECK(header.size == row.size);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            CHECK(protocol::read_fixed_header(bytes.substr(0, cut)).status == FixedHeader::Status::incomplete);
        }
    }
}

TEST_CASE("a fifth length byte is not waited for [MQTT-2.2.3]") {
    PacketSplitter splitter(protocol::largest_remaining_length);
    CHECK(error_of(splitter, from_hex("30 ff ff ff ff")) == "The Remaining Length field has more than four bytes.");
    PacketSplitter bytewise(protocol::largest_remaining_length);
    for (const char* hex : {"30", "80", "80", "80"}) CHECK(error_of(bytewise, from_hex(hex)) == "no error");
    CHECK(error_of(bytewise, from_hex("80")) == "The Remaining Length field has more than four bytes.");
}

TEST_CASE("packets that lie whole in the input are views of it") {
    PacketSplitter splitter(1000);
    const std::string bytes = test::publish_packet("a", "one") + test::pingreq + test::publish_packet("b", "two");
    std::string_view input = bytes;
    for (const std::size_t size : {8U, 2U, 8U}) {
        const auto result = splitter.next(input);
        const auto* frame = std::get_if<Frame>(&result);
        REQUIRE(frame != nullptr);
        CHECK(frame->raw.size() == size);
        CHECK(frame->body.size() == size - 2);
        CHECK(inside(frame->raw, bytes));
        CHECK(inside(frame->body, frame->raw));
    }
    CHECK(input.empty());
    CHECK(std::holds_alternative<NeedMore>(splitter.next(input)));
}

TEST_CASE("a packet cut anywhere comes out whole, and its memory is given back") {
    const std::string bytes = test::publish_packet("topic", std::string(300, 'x'), 0x02, 9);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        PacketSplitter splitter(1000);
        std::string_view first = std::string_view(bytes).substr(0, cut);
        REQUIRE(std::holds_alternative<NeedMore>(splitter.next(first)));
        CHECK(first.empty());
        CHECK(splitter.pending() == bytes.substr(0, cut));
        CHECK(splitter.peek({}) == 0x32);
        const std::string tail = bytes.substr(cut) + test::pingreq;
        std::string_view second = tail;
        const auto result = splitter.next(second);
        const auto* frame = std::get_if<Frame>(&result);
        REQUIRE(frame != nullptr);
        CHECK(frame->raw == bytes);
        CHECK(frame->body == bytes.substr(3));
        CHECK(second == test::pingreq);
        CHECK(splitter.pending().empty());
        CHECK(splitter.peek(second) == 0xC0);
        CHECK(splitter.reserved_bytes() == 0);
        CHECK_FALSE(splitter.peek({}).has_value());
    }
}

TEST_CASE("a length over the limit is refused before its bytes come, also byte by byte [MQTT-2.2.3]") {
    const std::string message = "The Remaining Length is larger than this connection may send.";
    PacketSplitter splitter(200);
    CHECK(error_of(splitter, from_hex("30 c9 01")) == message);
    PacketSplitter bytewise(200);
    CHECK(error_of(bytewise, from_hex("30")) == "no error");
    CHECK(error_of(bytewise, from_hex("c9")) == "no error");
    CHECK(error_of(bytewise, from_hex("01")) == message);
    PacketSplitter fitting(200);
    CHECK(error_of(fitting, test::publish_packet("a", std::string(197, 'x'))) == "no error");
    fitting.set_max_packet_bytes(2);
    CHECK(error_of(fitting, from_hex("40 02 00 01")) == "no error");
    CHECK(error_of(fitting, from_hex("40 03 00 01 00")) == message);
}

TEST_CASE("a large packet in small pieces comes out whole") {
    PacketSplitter splitter(protocol::largest_remaining_length);
    const std::string bytes = test::publish_packet("t", std::string(3'000'000, 'y'));
    std::string_view rest = bytes;
    while (rest.size() > 4096) {
        std::string_view piece = rest.substr(0, 4096);
        rest.remove_prefix(4096);
        REQUIRE(std::holds_alternative<NeedMore>(splitter.next(piece)));
        REQUIRE(splitter.reserved_bytes() <= std::min(bytes.size(), 2 * splitter.pending().size() + 8192));
    }
    const auto result = splitter.next(rest);
    const auto* frame = std::get_if<Frame>(&result);
    REQUIRE(frame != nullptr);
    CHECK((frame->raw == bytes));
}

TEST_CASE("a large packet is not moved about while it comes, and counts for what has come") {
    constexpr std::size_t size = 32 * 1024 * 1024;
    protocol::PacketSplitter splitter(protocol::largest_remaining_length);
    const std::string header = test::from_hex("30 80 80 80 10");
    const std::string piece(64 * 1024, 'x');
    std::string_view input = header;
    CHECK(std::holds_alternative<protocol::NeedMore>(splitter.next(input)));
    const char* place = nullptr;
    std::size_t moves = 0;
    for (std::size_t came = piece.size(); came < size; came += piece.size()) {
        input = piece;
        REQUIRE(std::holds_alternative<protocol::NeedMore>(splitter.next(input)));
        const auto pending = splitter.pending();
        if (std::exchange(place, pending.data()) != pending.data() && came > splitter.large_bytes) ++moves;
        CHECK(splitter.reserved_bytes() <= std::max(2 * pending.size(), splitter.large_bytes));
    }
    CHECK(moves == 1);
    CHECK(splitter.reserved_bytes() < size);
    input = piece;
    CHECK(std::holds_alternative<protocol::Frame>(splitter.next(input)));
}
