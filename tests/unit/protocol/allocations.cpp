// Counts what the message path takes from the heap: nothing.

#include "protocol/encoder.h"
#include "protocol/server_connection.h"
#include "tests/support/packet_builder.h"

#include <cstdlib>
#include <new>
#include <string>

#include <doctest/doctest.h>

namespace {

thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* block = std::malloc(size == 0 ? 1 : size)) return block;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* block) noexcept {
    std::free(block);
}
void operator delete[](void* block) noexcept {
    std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    std::free(block);
}

TEST_CASE("a PUBLISH that comes whole, its PUBACK and a copy of it take no memory") {
    protocol::ServerConnection connection;
    const std::string hello = test::connect_packet();
    std::string_view input = hello;
    REQUIRE(std::holds_alternative<protocol::ConnectRequest>(connection.next(input, {})));
    connection.accepted(60, false);

    std::string bytes;
    for (unsigned id = 1; id <= 100; ++id) bytes += test::publish_packet("$resource/data_in", "21.5", 0x02, id);
    std::string out;
    out.reserve(100 * 64);
    input = bytes;
    const std::size_t before = allocations;
    int published = 0;
    for (;;) {
        const auto action = connection.next(input, {});
        const auto* request = std::get_if<protocol::PublishRequest>(&action);
        if (request == nullptr) break;
        protocol::encode_puback(out, request->publish.packet_id);
        protocol::encode_publish(out, request->publish.topic, request->publish.payload);
        ++published;
    }
    const std::size_t after = allocations;
    CHECK(published == 100);
    CHECK(after == before);
    CHECK(before > 0);  // the counter works
}

TEST_CASE("a header that promises 256 MB takes no memory for what has not come") {
    protocol::PacketSplitter splitter(protocol::largest_remaining_length);
    const std::string header = test::from_hex("30 ff ff ff 7f 00");
    std::string_view input = header;
    const std::size_t before = allocations;
    CHECK(std::holds_alternative<protocol::NeedMore>(splitter.next(input)));
    CHECK(allocations - before <= 1);
    CHECK(splitter.pending().size() == 6);
    CHECK(splitter.reserved_bytes() <= 64);
    splitter.release();
    CHECK(splitter.reserved_bytes() == 0);
}
