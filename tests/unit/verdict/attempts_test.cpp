#include "server/verdict/attempts.h"

#include <doctest/doctest.h>

namespace {

using verdict::Attempts;
using verdict::Moment;
using verdict::Reach;

// Seconds in, observations out.
class Line {
  public:
    explicit Line(Attempts& attempts) : attempts_(attempts) {}

    void see(double at, std::uint64_t connection, verdict::Seen seen) {
        attempts_.on({.at = Moment(static_cast<std::int64_t>(at * 1e6)), .connection = connection, .seen = seen});
    }
    void refuse(double at, std::uint64_t connection, std::string_view protocol = "MQTT", std::uint8_t level = 4) {
        see(at, connection, verdict::Accepted{"127.0.0.1"});
        answer(at, connection, protocol, level);
    }
    void answer(double at, std::uint64_t connection, std::string_view protocol, std::uint8_t level) {
        protocol::Connect packet;
        packet.protocol_name = protocol;
        packet.level = level;
        see(at, connection, verdict::ConnectCame{packet, true});
        see(at, connection, verdict::ConnackLeft{.code = 4});
        see(at + 0.1, connection, verdict::Closed{});
    }

  private:
    Attempts& attempts_;
};

}  // namespace

TEST_CASE("a pause runs from the end of one attempt to the begin of the next") {
    Attempts attempts;
    Line line(attempts);
    line.refuse(0, 1);
    line.refuse(1.1, 2);
    line.refuse(3.2, 3);
    const auto pauses = attempts.pauses();
    REQUIRE(pauses.size() == 2);
    CHECK(verdict::seconds(pauses[0]) == doctest::Approx(1));
    CHECK(verdict::seconds(pauses[1]) == doctest::Approx(2));
    CHECK(attempts.all().front().reach == Reach::refused);
    CHECK(attempts.all().front().connack == 4);
    CHECK(attempts.all().front().sent_credential);
}

TEST_CASE("a connection that was accepted before the run began counts from the first that is seen of it") {
    Attempts attempts;
    Line line(attempts);
    line.see(0.2, 7, verdict::ConnackLeft{});
    CHECK(attempts.connected());
    line.see(3, 7, verdict::Closed{});
    CHECK_FALSE(attempts.connected());
    line.see(3.1, 7, verdict::PacketLeft{});
    CHECK(attempts.all().size() == 1);
    line.refuse(5, 8);
    REQUIRE(attempts.pauses().size() == 1);
    CHECK(verdict::seconds(attempts.pauses()[0]) == doctest::Approx(2));
}

TEST_CASE("[MQTT-3.1.4-5] packets count behind a refusal, not before it, and DISCONNECT never does") {
    using protocol::PacketType;
    Attempts attempts;
    Line line(attempts);
    line.see(0, 1, verdict::Accepted{"127.0.0.1"});
    line.see(0, 1, verdict::ConnectCame{});
    line.see(0.01, 1, verdict::SubscribeCame{});  // sent at once behind the CONNECT, which is allowed
    line.see(0.1, 1, verdict::ConnackLeft{.code = 5});
    line.see(0.2, 1, verdict::PacketCame{PacketType::disconnect});
    CHECK(attempts.all().front().other_packets_after_refusal == 0);
    line.see(0.2, 1, verdict::SubscribeCame{});
    line.see(0.2, 1, verdict::PacketCame{PacketType::pingreq});
    CHECK(attempts.all().front().other_packets_after_refusal == 2);
}

TEST_CASE("Paho C's second try within a second belongs to the attempt before it") {
    Attempts attempts;
    Line line(attempts);
    line.refuse(0, 1);
    line.refuse(0.5, 2, "MQIsdp", 3);
    line.refuse(5.6, 3);
    REQUIRE(attempts.all().size() == 2);
    CHECK(attempts.all().front().connects == 2);
    REQUIRE(attempts.pauses().size() == 1);
    CHECK(verdict::seconds(attempts.pauses()[0]) == doctest::Approx(5));
}

TEST_CASE("a second try belongs to an attempt whose connection is still open, and the last of both ends it") {
    Attempts attempts;
    Line line(attempts);
    line.see(0, 1, verdict::Accepted{"127.0.0.1"});
    line.see(0, 1, verdict::ConnectCame{});
    line.see(0.1, 1, verdict::ConnackLeft{.code = 3});
    line.refuse(0.2, 2, "MQIsdp", 3);
    CHECK(attempts.all().size() == 1);
    CHECK_FALSE(attempts.all().front().ended);
    line.see(0.6, 1, verdict::Closed{});
    line.refuse(2.6, 3);
    REQUIRE(attempts.pauses().size() == 1);
    CHECK(verdict::seconds(attempts.pauses()[0]) == doctest::Approx(2));
}

TEST_CASE("a second try whose handshake takes more than a second began within one, and belongs to the attempt before") {
    Attempts attempts;
    Line line(attempts);
    line.refuse(0, 1);
    line.see(0.2, 2, verdict::Accepted{"127.0.0.1"});
    line.answer(1.4, 2, "MQIsdp", 3);
    CHECK(attempts.all().size() == 1);
    CHECK(attempts.pauses().empty());
}

TEST_CASE("a second try after more than a second is an attempt of its own") {
    Attempts attempts;
    Line line(attempts);
    line.refuse(0, 1);
    line.refuse(1.11, 2, "MQIsdp", 3);
    CHECK(attempts.all().size() == 2);
}

TEST_CASE("another address of ours within 300 ms belongs to the attempt before it") {
    Attempts attempts;
    Line line(attempts);
    line.see(0, 1, verdict::Accepted{"::1"});
    line.see(0.01, 1, verdict::Closed{});
    line.see(0.3, 2, verdict::Accepted{"127.0.0.1"});
    CHECK(attempts.all().size() == 1);
    CHECK_FALSE(attempts.all().front().ended.has_value());
    line.see(0.4, 2, verdict::Closed{});
    CHECK(attempts.all().front().ended.has_value());
    line.see(0.5, 3, verdict::Accepted{"127.0.0.1"});
    CHECK(attempts.all().size() == 2);
}

TEST_CASE("packets behind a refusal are counted, DISCONNECT is not") {
    Attempts attempts;
    Line line(attempts);
    line.see(0, 1, verdict::Accepted{});
    line.see(0, 1, verdict::ConnectCame{});
    line.see(0, 1, verdict::ConnackLeft{.code = 5});
    line.see(0, 1, verdict::PacketCame{protocol::PacketType::disconnect});
    CHECK(attempts.all().front().other_packets_after_refusal == 0);
    line.see(0, 1, verdict::PublishCame{});
    CHECK(attempts.all().front().other_packets_after_refusal == 1);
}

TEST_CASE("connected while an accepted connection is open") {
    Attempts attempts;
    Line line(attempts);
    line.see(0, 1, verdict::Accepted{});
    line.see(0, 1, verdict::ConnackLeft{.code = 0});
    CHECK(attempts.connected());
    line.see(1, 1, verdict::Closed{});
    CHECK_FALSE(attempts.connected());
}

TEST_CASE("memory is bounded, also where connections stay open") {
    Attempts attempts(10);
    Line line(attempts);
    for (std::uint64_t i = 1; i <= 100; ++i) line.see(static_cast<double>(i), i, verdict::Accepted{"a"});
    CHECK(attempts.all().size() == 10);
    line.see(200, 1, verdict::Closed{});
    line.see(200, 100, verdict::Closed{});
    CHECK(attempts.all().back().ended.has_value());
}
