#include "server/device/commit_queue.h"

#include <doctest/doctest.h>

namespace {

// Keeps what it is given until the test says that it is committed.
class HeldStore : public storage::Store {
  public:
    void start(Committed) override {}
    void submit(storage::Submission&& submission) override { held.push_back(std::move(submission)); }
    std::uint64_t queued_bytes() const override { return queued; }
    std::unique_ptr<storage::Reader> open_reader() override { return nullptr; }
    Statistics statistics() const override { return {}; }

    std::vector<storage::Submission> held;
    std::uint64_t queued = 0;
};

struct World {
    HeldStore store;
    journal::Journal journal{0};
    int scheduled = 0;
    device::CommitQueue commits{store, journal, [this] { ++scheduled; }};

    void change() { commits.change(storage::PutMeta{"key", "value"}); }
    void complete(bool ok = true) {
        auto group = std::exchange(store.held, {});
        commits.completed(std::move(group), {.ok = ok, .error = ok ? "" : "disk full"});
    }
};

}  // namespace

TEST_CASE("with nothing changed there is nothing to wait for") {
    World world;
    CHECK(world.commits.idle());
    CHECK(world.scheduled == 0);
    bool ran = false;
    world.commits.when_committed([&](bool ok) { ran = ok; });
    CHECK(ran);
}

TEST_CASE("[R25a] the gate of a change passes with its commit, not with its submission") {
    World world;
    world.change();
    world.change();
    CHECK(world.scheduled == 1);  // once per turn
    const auto gate = world.commits.gate();
    world.commits.submit();
    CHECK(world.commits.gate() == gate);
    CHECK(world.commits.committed() < gate);
    world.complete();
    CHECK(world.commits.committed() == gate);
}

TEST_CASE("what comes while two submissions are with the writer goes together in the third") {
    World world;
    for (int turn = 0; turn < 5; ++turn) {
        world.change();
        world.commits.submit();
    }
    CHECK(world.store.held.size() == 2);
    world.complete();
    REQUIRE(world.store.held.size() == 1);
    CHECK(world.store.held.front().changes.size() == 3);
    world.complete();
    CHECK(world.commits.idle());
}

TEST_CASE("values of one alias coalesce: the last one is written") {
    World world;
    device::Device device;
    device.row.device_id = 9;
    auto& slot = device.values["a"];
    for (const auto* text : {"1", "2", "3"}) {
        slot.row.reported = text;
        world.commits.value_changed(device, slot);
    }
    world.commits.submit();
    REQUIRE(world.store.held.size() == 1);
    REQUIRE(world.store.held.front().values.size() == 1);
    CHECK(world.store.held.front().values.front().row.reported == "3");
    CHECK(device.dirty_values.empty());
}

TEST_CASE("[R63] values of a deleted device are not written behind its deletion") {
    World world;
    device::Device device;
    auto& slot = device.values["a"];
    world.commits.value_changed(device, slot);
    world.commits.drop_values(device);
    world.commits.submit();
    REQUIRE(world.store.held.size() == 1);
    CHECK(world.store.held.front().values.empty());
}

TEST_CASE("a failed commit is told to observers first, then to those who wait") {
    World world;
    std::string told;
    world.commits.observe([&](bool ok, bool) { told += ok ? "o" : "O"; });
    world.commits.observe_first([&](bool ok, bool) { told += ok ? "f" : "F"; });
    world.change();
    world.commits.when_committed([&](bool ok) { told += ok ? "w" : "W"; });
    world.commits.submit();
    world.complete(false);
    CHECK(told == "FOW");
    CHECK(world.commits.idle());
}

TEST_CASE("observers hear whether a group brought events") {
    World world;
    std::vector<bool> events;
    world.commits.observe([&](bool, bool with_events) { events.push_back(with_events); });
    world.change();
    world.commits.submit();
    world.complete();
    world.commits.event({});
    world.commits.submit();
    world.complete();
    CHECK(events == std::vector<bool>{false, true});
}

TEST_CASE("too much waiting for the disk is congestion") {
    World world;
    CHECK_FALSE(world.commits.congested());
    world.store.queued = 64 * 1024 * 1024;
    CHECK(world.commits.congested());
}
