#include "server/core/commit_queue.h"

#include <doctest/doctest.h>

namespace {

// Keeps what it is given until the test says that it is committed.
class HeldStore : public storage::Store {
  public:
    void start(Committed) override {}
    void submit(storage::Submission&& submission) override { held.push_back(std::move(submission)); }
    void go_on() override { ++went_on; }
    std::uint64_t queued_bytes() const override { return queued; }
    std::unique_ptr<storage::Reader> open_reader() override { return nullptr; }
    Statistics statistics() const override { return {}; }

    std::vector<storage::Submission> held;
    std::uint64_t queued = 0;
    int went_on = 0;
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
    // The oldest one alone, as the writer does it where one comes while it is busy.
    void complete_first(bool ok, const std::string& error = "disk full") {
        std::vector<storage::Submission> group;
        group.push_back(std::move(store.held.front()));
        store.held.erase(store.held.begin());
        commits.completed(std::move(group), {.ok = ok, .error = ok ? "" : error});
    }
    // One failed, one is with the writer behind it, one is gathered.
    void fail_before_others() {
        for (int turn = 0; turn < 3; ++turn) {
            change();
            commits.submit();
        }
        complete_first(false);
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

TEST_CASE("[R25a] nobody hears of a failed group, and nothing is submitted, while a later one is with the writer") {
    World world;
    std::string told;
    world.commits.observe([&](bool ok, bool) { told += ok ? "o" : "O"; });
    world.fail_before_others();
    world.commits.when_committed([&](bool ok) { told += ok ? "w" : "W"; });
    world.change();
    world.commits.submit();
    CHECK(told.empty());
    CHECK(world.commits.committed() == 0);
    CHECK_FALSE(world.commits.idle());
    CHECK(world.commits.congested());
    CHECK(world.store.held.size() == 1);
    CHECK(world.store.went_on == 0);
    world.complete_first(false, "behind a failure");
    CHECK(told == "OW");
    CHECK(world.commits.failure() == "disk full");  // the first reason
    CHECK_FALSE(world.commits.congested());
    CHECK(world.store.went_on == 1);
}

TEST_CASE("[R25a] with a failed group goes everything behind it, what was only gathered as well") {
    World world;
    world.change();
    world.commits.submit();
    world.complete();
    device::Device device;
    auto& slot = device.values["a"];
    world.fail_before_others();
    world.commits.event({});
    world.commits.value_changed(device, slot);
    const auto gathered = world.commits.gate();
    world.complete_first(false);
    CHECK(world.store.held.empty());
    CHECK(world.commits.committed_before_failure() == 1);
    CHECK(world.commits.committed() == gathered);  // what waits for it must never leave
    CHECK(world.commits.idle());
    CHECK_FALSE(slot.dirty);
    CHECK(device.dirty_values.empty());
    CHECK(world.journal.open_bytes() == 0);

    world.change();
    CHECK(world.commits.gate() > gathered);
    world.commits.submit();
    REQUIRE(world.store.held.size() == 1);
    CHECK(world.store.held.front().changes.size() == 1);
    CHECK(world.store.held.front().values.empty());
    CHECK_FALSE(world.store.held.front().has_events());
}

TEST_CASE("a failure stands until a commit that writes something succeeds") {
    World world;
    CHECK_FALSE(world.commits.failing());
    world.change();
    world.commits.submit();
    world.complete(false);
    REQUIRE(world.commits.failing());
    CHECK(*world.commits.failing() == "disk full");
    world.commits.touch();  // changes nothing: succeeds on a full disk, too
    world.commits.submit();
    world.complete();
    CHECK(world.commits.failing());
    world.change();
    world.commits.submit();
    CHECK(world.commits.failing());
    world.complete();
    CHECK_FALSE(world.commits.failing());
}

TEST_CASE("what observers of a failure change is submitted, and its events are told when they are committed") {
    World world;
    std::vector<bool> events;
    world.commits.observe([&](bool ok, bool with_events) {
        events.push_back(with_events);
        if (!ok) world.commits.event({});  // a disconnect
    });
    world.commits.event({});
    world.fail_before_others();
    world.complete_first(false);
    REQUIRE(world.store.held.size() == 1);
    CHECK(world.store.went_on == 1);
    world.complete();
    CHECK(events == std::vector<bool>{false, true});
    CHECK(world.commits.idle());
}

TEST_CASE("one that waits for a gathered submission hears of the failure before it, in a pause when that ends") {
    World world;
    std::string told;
    world.commits.observe([&](bool ok, bool) {
        if (!ok) world.commits.go_on();
    });
    world.fail_before_others();
    world.commits.pause();
    world.change();
    const auto gate = world.commits.gate();
    world.commits.when_committed([&](bool ok) { told += ok ? "w" : "W"; });
    CHECK(told.empty());
    world.complete_first(false);
    CHECK(told == "W");
    CHECK(world.commits.committed() == gate);
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

TEST_CASE("one giant message or long list is no congestion for others, a second one is") {
    World world;
    const std::string payload(32 * 1024 * 1024, 'p');
    journal::Event giant;
    giant.type = journal::EventType::publish;
    giant.payload = journal::PublishPayload{"t", payload};
    world.commits.event(giant);
    CHECK_FALSE(world.commits.congested());
    world.commits.submit();
    world.store.queued = payload.size();
    CHECK_FALSE(world.commits.congested());
    for (int turn = 0; turn < 1000; ++turn) world.change();
    CHECK_FALSE(world.commits.congested());
    world.commits.change_many(std::vector<storage::Change>(100'000, storage::PutMeta{"key", "value"}), {});
    CHECK(world.commits.congested());
    world.store.queued = 0;
    world.complete();
    CHECK_FALSE(world.commits.congested());
    world.complete();
    world.store.queued = payload.size();
    CHECK(world.commits.congested());  // of many small ones
}
