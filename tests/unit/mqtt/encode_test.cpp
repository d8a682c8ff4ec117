#include "server/mqtt/encode.h"

#include "tests/support/packet_builder.h"

#include <array>
#include <stdexcept>

#include <doctest/doctest.h>

namespace outgoing = device::outgoing;

namespace {

std::string hex(const device::Outgoing& packet) {
    std::string bytes;
    mqtt::encode(bytes, packet);
    return test::to_hex(bytes);
}

}  // namespace

TEST_CASE("each outgoing packet has its bytes") {
    const std::array<std::uint8_t, 2> codes{0, 0x80};
    CHECK(hex(outgoing::Connack{true}) == test::to_hex(test::from_hex("20 02 01 00")));
    CHECK(hex(outgoing::Connack{false, protocol::ConnackCode::not_authorized}) ==
          test::to_hex(test::from_hex("20 02 00 05")));
    CHECK(hex(outgoing::Puback{0x1234, "a"}) == test::to_hex(test::from_hex("40 02 12 34")));
    CHECK(hex(outgoing::Suback{9, codes, {}}) == test::to_hex(test::from_hex("90 04 00 09 00 80")));
    CHECK(hex(outgoing::Unsuback{9, {}}) == test::to_hex(test::from_hex("b0 02 00 09")));
    CHECK(hex(outgoing::Pingresp{}) == test::to_hex(test::from_hex("d0 00")));
    CHECK(hex(outgoing::Publish{"a/b", "xyz"}) == test::to_hex(test::publish_packet("a/b", "xyz")));
}

TEST_CASE("the payload of a PUBLISH is not copied into its head") {
    std::string head;
    const std::string_view payload = "payload";
    const auto body = mqtt::encode_head(head, outgoing::Publish{"t", payload});
    CHECK(body.data() == payload.data());
    CHECK(head + std::string(body) == test::publish_packet("t", payload));
}
