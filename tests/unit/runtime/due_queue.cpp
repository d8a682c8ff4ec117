#include "server/runtime/due_queue.h"

#include <map>
#include <random>
#include <vector>

#include <doctest/doctest.h>

using runtime::DueQueue;
using namespace std::chrono_literals;

namespace {
const DueQueue::TimePoint start{};

std::vector<DueQueue::Key> popped_at(DueQueue& queue, DueQueue::TimePoint now) {
    std::vector<DueQueue::Key> keys;
    queue.pop_due(now, [&keys](DueQueue::Key key) -> std::optional<DueQueue::TimePoint> {
        keys.push_back(key);
        return std::nullopt;
    });
    return keys;
}
}  // namespace

TEST_CASE("keys come due in the order of their deadlines, at the deadline and not before") {
    DueQueue queue;
    queue.schedule(3, start + 30s);
    queue.schedule(1, start + 10s);
    queue.schedule(2, start + 20s);
    CHECK(queue.next_deadline() == start + 10s);
    CHECK(popped_at(queue, start + 10s - 1ns).empty());
    CHECK(popped_at(queue, start + 20s) == std::vector<DueQueue::Key>{1, 2});
    CHECK(queue.size() == 1);
    CHECK(popped_at(queue, start + 1h) == std::vector<DueQueue::Key>{3});
    CHECK(!queue.next_deadline());
}

TEST_CASE("a key has one deadline: scheduling again moves it, cancelling removes it") {
    DueQueue queue;
    queue.schedule(1, start + 10s);
    queue.schedule(1, start + 50s);
    CHECK(queue.size() == 1);
    CHECK(popped_at(queue, start + 49s).empty());
    queue.schedule(1, start + 5s);
    CHECK(queue.next_deadline() == start + 5s);
    CHECK(queue.cancel(1));
    CHECK(!queue.cancel(1));
    CHECK(popped_at(queue, start + 1h).empty());
}

TEST_CASE("a Keep Alive owner that saw packets meanwhile is visited once and goes on [MQTT-3.1.2-24]") {
    DueQueue queue;
    queue.schedule(7, start + 90s);
    const DueQueue::TimePoint own_deadline = start + 170s;  // moved by packets, the queue knows nothing of it
    std::size_t visits = 0;
    const auto visit = [&](DueQueue::Key) -> std::optional<DueQueue::TimePoint> {
        ++visits;
        return own_deadline;
    };
    CHECK(queue.pop_due(start + 90s, visit) == 1);
    CHECK(queue.next_deadline() == own_deadline);
    CHECK(queue.pop_due(start + 169s, visit) == 0);
    CHECK(visits == 1);
}

TEST_CASE("a deadline that is due already waits for the next call, so a pass always ends") {
    DueQueue queue;
    queue.schedule(1, start);
    const auto again = [&](DueQueue::Key) -> std::optional<DueQueue::TimePoint> {
        queue.schedule(2, start);
        return start;
    };
    CHECK(queue.pop_due(start + 1s, again) == 1);
    CHECK(queue.size() == 2);
    CHECK(popped_at(queue, start + 2s).size() == 2);
}

TEST_CASE("the callback may cancel other keys and schedule its own") {
    DueQueue queue;
    queue.schedule(1, start + 1s);
    queue.schedule(2, start + 2s);
    std::vector<DueQueue::Key> seen;
    queue.pop_due(start + 5s, [&](DueQueue::Key key) -> std::optional<DueQueue::TimePoint> {
        seen.push_back(key);
        queue.cancel(2);
        queue.schedule(key, start + 60s);
        return std::nullopt;
    });
    CHECK(seen == std::vector<DueQueue::Key>{1});
    CHECK(queue.next_deadline() == start + 60s);
    queue.pop_due(start + 60s, [&](DueQueue::Key key) -> std::optional<DueQueue::TimePoint> {
        queue.cancel(key);
        return start + 90s;  // cancelled: stays away
    });
    CHECK(queue.size() == 0);
}

TEST_CASE("random schedules, moves and cancels agree with a plain map") {
    std::mt19937 random(20250101);
    DueQueue queue;
    std::map<DueQueue::Key, DueQueue::TimePoint> model;
    DueQueue::TimePoint now = start;
    for (int step = 0; step < 20'000; ++step) {
        const DueQueue::Key key = random() % 50;
        const auto deadline = now + std::chrono::seconds(1 + random() % 100);
        switch (random() % 4) {
            case 0:
            case 1:
                queue.schedule(key, deadline);
                model[key] = deadline;
                break;
            case 2:
                CHECK(queue.cancel(key) == (model.erase(key) == 1));
                break;
            default:
                now += std::chrono::seconds(random() % 10);
                for (const DueQueue::Key due : popped_at(queue, now)) {
                    REQUIRE(model.contains(due));
                    CHECK(model[due] <= now);
                    model.erase(due);
                }
                for (const auto& [left, time] : model) CHECK(time > now);
        }
        REQUIRE(queue.size() == model.size());
    }
}
