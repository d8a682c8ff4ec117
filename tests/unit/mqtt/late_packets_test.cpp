#include "server/mqtt/late_packets.h"

#include <initializer_list>
#include <string>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using mqtt::LatePackets;
using TimePoint = LatePackets::TimePoint;

namespace {

LatePackets::Packet packet(const std::string& bytes, std::chrono::milliseconds due, bool overtake = false,
                           std::uint32_t held_by = 0) {
    LatePackets::Packet late;
    late.bytes = bytes;
    late.due = TimePoint(due);
    late.overtake = overtake;
    late.held_by = held_by;
    return late;
}

// All that may leave, in order.
std::string leave(LatePackets& late, std::chrono::milliseconds now) {
    std::string left;
    while (const auto one = late.next(TimePoint(now))) left += one->bytes;
    return left;
}

}  // namespace

TEST_CASE("a late packet holds up those behind it, whatever their time") {
    LatePackets late;
    late.add(packet("a", 100ms));
    late.add(packet("b", 0ms));
    late.add(packet("c", 150ms));
    CHECK(leave(late, 99ms).empty());
    CHECK(late.wake() == TimePoint(100ms));
    CHECK(leave(late, 100ms) == "ab");
    CHECK(late.wake() == TimePoint(150ms));
    CHECK(leave(late, 150ms) == "c");
    CHECK_FALSE(late.wake());
    CHECK(late.empty());
}

TEST_CASE("a packet that may be overtaken holds up nobody") {
    LatePackets late;
    late.add(packet("a", 100ms, true));
    late.add(packet("b", 50ms));
    late.add(packet("c", 0ms));
    CHECK(late.wake() == TimePoint(50ms));
    CHECK(leave(late, 49ms).empty());
    CHECK(leave(late, 50ms) == "bc");
    CHECK(leave(late, 100ms) == "a");
}

TEST_CASE("a held PUBLISH leaves behind so many later ones, or at its time") {
    LatePackets late;
    auto first = packet("a", 1000ms, true);
    first.behind = 2;
    late.add(first);
    late.add(packet("b", 0ms));
    const auto b = late.next(TimePoint(0ms));
    late.publish_left(b->number);
    CHECK(leave(late, 0ms).empty());
    late.publish_left(b->number + 1);
    CHECK(leave(late, 0ms) == "a");
    late.add(first);
    CHECK(leave(late, 1000ms) == "a");
}

TEST_CASE("an earlier PUBLISH that leaves late is no later one") {
    LatePackets late;
    late.add(packet("a", 10ms, true));
    auto held = packet("b", 1000ms, true);
    held.behind = 1;
    late.add(held);
    const auto a = late.next(TimePoint(10ms));
    REQUIRE(a);
    late.publish_left(a->number);
    CHECK_FALSE(late.next(TimePoint(10ms)));
}

TEST_CASE("what a fault held that is gone leaves at once") {
    LatePackets late;
    late.add(packet("a", 100ms, false, 1));
    late.add(packet("b", 200ms, false, 2));
    late.add(packet("c", 0ms));
    late.release([](std::uint32_t held_by) { return held_by == 2; });
    CHECK(leave(late, 0ms) == "a");
    late.release([](std::uint32_t) { return false; });
    CHECK(leave(late, 0ms) == "bc");
}

TEST_CASE("what gathers leaves with the packets that it waits for") {
    LatePackets late;
    auto first = packet("a", 1000ms);
    first.gathers = 2;
    first.together = true;
    late.add(first);
    CHECK(late.gathers());
    late.add(packet("b", 0ms));
    CHECK(leave(late, 0ms).empty());
    CHECK(late.wake() == TimePoint(1000ms));
    late.add(packet("c", 0ms));
    CHECK_FALSE(late.gathers());
    CHECK(leave(late, 0ms) == "abc");
}

TEST_CASE("what gathers waits no longer than its time, and no less than the latest that it waits for") {
    LatePackets late;
    auto first = packet("a", 1000ms);
    first.gathers = 2;
    first.together = true;
    late.add(first);
    late.add(packet("b", 0ms));
    CHECK(leave(late, 999ms).empty());
    CHECK(leave(late, 1000ms) == "ab");
    late.add(first);
    late.add(packet("b", 0ms));
    late.add(packet("c", 200ms));
    CHECK(leave(late, 199ms).empty());
    CHECK(leave(late, 200ms) == "abc");
}

TEST_CASE("[R25a] what leaves together waits for the last commit of them all") {
    LatePackets late;
    auto first = packet("a", 1000ms);
    first.gathers = 1;
    first.together = true;
    first.gate = 3;
    late.add(first);
    auto second = packet("b", 0ms);
    second.gate = 7;
    late.add(second);
    late.add(packet("c", 50ms));
    CHECK(late.next(TimePoint(0ms))->gate == 7);
    CHECK(late.next(TimePoint(0ms))->gate == 7);
    CHECK(late.next(TimePoint(50ms))->gate == 0);
}

TEST_CASE("bytes beside and the end are none of the packets that one waits for") {
    LatePackets late;
    auto first = packet("a", 1000ms);
    first.gathers = 1;
    late.add(first);
    auto beside = packet("x", 0ms);
    beside.beside = true;
    late.add(beside);
    LatePackets::Packet ending;
    ending.ending = mqtt::Ending::fin;
    late.add(ending);
    CHECK(late.gathers());
    CHECK_FALSE(late.next(TimePoint(999ms)));
}

TEST_CASE("memory is counted, and given back") {
    LatePackets late;
    late.add(packet(std::string(1000, 'x'), 0ms));
    CHECK(late.bytes() > 1000);
    leave(late, 0ms);
    CHECK(late.bytes() == 0);
    late.add(packet("x", 5ms));
    late.clear();
    CHECK(late.bytes() == 0);
    CHECK(late.empty());
}
