#include "server/control/device_service.h"
#include "tests/support/memory_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;
using device::Unknown;

constexpr std::size_t most_identities = 2000;

// The control side over a store that commits when the test says. Each look at the clock takes 20 us of its time, so
// that work in slices ends a slice by it.
struct World {
    runtime::RealTime time{.us = 1'700'000'000'000'000, .steady = {}};
    test::MemoryStore store;
    std::unique_ptr<storage::Reader> reader = store.open_reader();
    runtime::EmulatorClock clock{[this] {
        time.steady += 20us;
        return time;
    }};
    runtime::Log log{runtime::LogLevel::error, runtime::LogFormat::text, [](std::string_view) { return true; }};
    runtime::Metrics metrics;
    runtime::Random random = runtime::Random::from_seed(1);
    std::atomic<bool> stopping = false;
    journal::Journal journal{0};
    device::CommitQueue commits{store, journal, [] {}};
    device::DeviceService devices{context()};

    device::ControlService& control() { return devices.control(); }

    device::Context context() {
        config::ConnectorSettings defaults;
        defaults.resources["start"].settable = true;
        defaults.resources["start"].initial = config::Scalar{std::string("first"), false};
        return {.options = {.connector_defaults = defaults, .max_identities = most_identities},
                .clock = clock,
                .commits = commits,
                .reader = *reader,
                .log = log,
                .metrics = metrics,
                .random = random,
                .certificates = {},
                .content_url = [](const device::ContentUrlRequest&) { return std::string(); },
                .folders = {"/nowhere", "/nowhere"},
                .database = {},
                .background = [](const std::function<void()>&, const std::function<void()>&) {},
                .stopping = stopping};
    }

    void commit(bool ok = true) {
        commits.submit();
        while (store.waiting() > 0) {
            auto [group, result] = store.commit(1, ok);
            commits.completed(std::move(group), result);
        }
    }

    // The result of long work, with so many slices before it; `between` runs behind each, as others' turns do.
    template <typename Result>
    Result finish(const device::SlicedWork<Result>& work, const std::function<void(int slice)>& between = {}) {
        for (slices = 1;; ++slices) {
            if (auto result = work->go_on()) return std::move(*result);
            if (between) between(slices);
        }
    }
    int slices = 0;

    device::Failure import(std::vector<device::NamedChange> list, const std::function<void(int slice)>& between = {},
                           Unknown unknown = Unknown::make) {
        return finish(control().change_identities("c", std::move(list), unknown), between);
    }
    std::string value(const std::string& identity) {
        const auto state = control().state("c", identity);
        for (const auto& entry : state.value()) {
            if (entry.alias == "start") return entry.set.value_or("");
        }
        return "unknown";
    }
};

std::string name(std::size_t number) {
    return "d" + std::to_string(10'000 + number);
}

std::vector<device::NamedChange> list_of(std::size_t count, std::int64_t expire_us = 4'000'000'000'000'000) {
    std::vector<device::NamedChange> list;
    for (std::size_t number = 0; number < count; ++number) {
        device::IdentityChange change;
        change.auth_expire_us = expire_us;
        list.push_back({name(number), change});
    }
    return list;
}

device::IdentityChange with_token(const std::string& token) {
    device::IdentityChange change;
    change.auth_type = "token";
    change.auth_key = token;
    return change;
}

}  // namespace

TEST_CASE("a long list is imported in slices, seen by nobody until all of it is, and committed as one") {
    World world;
    REQUIRE_FALSE(world.import(list_of(1000), [&world](int) {
        world.commit();
        CHECK(world.store.tables().identities.empty());
        CHECK_FALSE(world.control().identity("c", name(0)));
    }));
    CHECK(world.slices > 10);
    CHECK(world.control().identity("c", name(999)));  // before its commit, too
    CHECK(world.value(name(999)) == "first");
    world.commits.submit();
    CHECK(world.store.waiting() == 1);
    world.commit();
    CHECK(world.store.tables().identities.size() == 1000);
    CHECK(world.store.tables().values.size() == 1000);
    CHECK(world.control().identity("c", name(500))->row.expire_us == 4'000'000'000'000'000);
    CHECK(world.value(name(0)) == "first");
}

TEST_CASE("nothing is left of an import whose commit fails") {
    World world;
    REQUIRE_FALSE(world.import(list_of(100)));
    world.commit(false);
    CHECK_FALSE(world.control().identity("c", name(0)));
    REQUIRE_FALSE(world.import(list_of(100)));
    world.commit();
    CHECK(world.store.tables().identities.size() == 100);
}

TEST_CASE("an import changes identities that are there, and makes the others") {
    World world;
    REQUIRE_FALSE(world.import(list_of(300, 1'900'000'000'000'000)));
    world.commit();
    const auto id = world.control().identity("c", name(7))->row.device_id;
    REQUIRE_FALSE(world.control().set_state("c", name(7), {{"start", device::JsonKind::string, "kept"}}));
    world.commit();
    REQUIRE_FALSE(world.import(list_of(400, 1'950'000'000'000'000)));
    world.commit();
    CHECK(world.store.tables().identities.size() == 400);
    for (const std::size_t number : {7U, 200U, 399U}) {
        CHECK(world.control().identity("c", name(number))->row.expire_us == 1'950'000'000'000'000);
    }
    CHECK(world.control().identity("c", name(7))->row.device_id == id);
    CHECK(world.value(name(7)) == "kept");
}

TEST_CASE("what happens to an identity while a list is made ready is kept") {
    World world;
    REQUIRE_FALSE(world.control().put_identity("c", name(1), {}));
    world.commit();
    auto list = list_of(500);
    list.back().change = with_token("of the list");
    REQUIRE_FALSE(world.import(std::move(list), [&world](int slice) {
        if (slice == 3) REQUIRE_FALSE(world.control().put_identity("c", name(0), with_token("made meanwhile")));
        if (slice == 4) REQUIRE_FALSE(world.control().delete_identity("c", name(1)));
        world.commit();
    }));
    world.commit();
    CHECK(world.store.tables().identities.size() == 500);
    CHECK(world.control().identity("c", name(0))->row.key == "made meanwhile");
    CHECK(world.control().identity("c", name(0))->row.expire_us == 4'000'000'000'000'000);
    CHECK(world.control().identity("c", name(1)));
    CHECK(world.control().identity("c", name(499))->row.key == "of the list");
}

TEST_CASE("a token that is given meanwhile is a conflict, told with its place in the list") {
    World world;
    auto list = list_of(500);
    list[2].change = with_token("same");
    const auto failure = world.import(std::move(list), [&world](int slice) {
        if (slice == 3) REQUIRE_FALSE(world.control().put_identity("c", "other", with_token("same")));
    });
    REQUIRE(failure);
    CHECK(failure->path == "$[2].auth.key");
    world.commit();
    CHECK(world.store.tables().identities.size() == 1);
}

TEST_CASE("a reset of the connector in between: the import begins anew on the empty ground") {
    World world;
    REQUIRE_FALSE(world.control().put_identity("c", name(0), with_token("old")));
    world.commit();
    REQUIRE_FALSE(world.import(list_of(500), [&world](int slice) {
        if (slice == 5) REQUIRE_FALSE(world.control().reset("c", ""));
        world.commit();
    }));
    world.commit();
    CHECK(world.store.tables().identities.size() == 500);
    CHECK(world.control().identity("c", name(0))->row.key.empty());
}

TEST_CASE("a list that may not be is refused with the place of its first fault, and nothing is made") {
    World world;
    auto twice = list_of(300);
    twice[100].change = with_token("t");
    twice[200].change = with_token("t");
    CHECK(world.import(std::move(twice))->path == "$[200].auth.key");
    const auto too_many = world.import(list_of(most_identities + 1));
    CHECK((too_many->kind == device::ErrorKind::full));
    CHECK(too_many->path == "$[2000].identity");
    CHECK(world.import(list_of(3), {}, Unknown::refuse)->path == "$[0]");
    world.commit();
    CHECK(world.store.tables().identities.empty());
}

TEST_CASE("the same identity twice in a list: the later line counts, as one identity") {
    World world;
    auto list = list_of(2);
    list[1] = list[0];
    list[1].change.auth_expire_us = 5'000'000'000'000'000;
    list.push_back(list[0]);
    list[2].change.locked = true;
    REQUIRE_FALSE(world.import(std::move(list)));
    world.commit();
    REQUIRE(world.store.tables().identities.size() == 1);
    CHECK(world.store.tables().identities.begin()->second.locked);
}

TEST_CASE("pages, counts and tags of many identities are read in slices, with others' turns between them") {
    World world;
    REQUIRE_FALSE(world.import(list_of(1000)));
    world.commit();
    device::IdentityChange tagged;
    tagged.tags_json = R"([{"name":"n","value":"v"}])";
    REQUIRE_FALSE(world.control().patch_identity("c", name(700), tagged));
    world.commit();
    device::IdentityQuery query;
    const auto page = world.finish(world.control().select_identities("c", query));
    CHECK(world.slices > 10);
    CHECK(page.found == 1000);
    CHECK(page.device_ids.size() == 50);
    CHECK(page.may_load_more());
    const auto first = world.control().identity_views("c", page.device_ids);
    CHECK(first.front().row.identity == name(0));
    CHECK(first.back().row.identity == name(49));

    query.tag_name = "n";
    const auto some = world.finish(world.control().select_identities("c", query), [&world](int slice) {
        if (slice == 1) REQUIRE_FALSE(world.control().delete_identity("c", name(999)));
        world.commit();
    });
    CHECK(world.slices > 10);
    CHECK(some.found == 1);
    CHECK_FALSE(some.may_load_more());
    CHECK(world.finish(world.control().tag_names("c")) == std::vector<std::string>{"n"});
    CHECK(world.slices > 10);
}

TEST_CASE("a large connector is emptied a few identities a commit before it is reset, and its devices work meanwhile") {
    World world;
    REQUIRE_FALSE(world.import(list_of(2000)));
    world.commit();
    REQUIRE_FALSE(world.control().put_identity("c", name(1999), with_token("in use")));
    std::size_t most = 0;
    std::size_t before = 2000;
    world.finish(world.control().thin_out("c"), [&](int) {
        world.commit();
        const auto left = world.store.tables().identities.size();
        most = std::max(most, before - left);
        before = left;
        CHECK(world.control().identity("c", name(1999))->row.key == "in use");
    });
    CHECK(most <= 500);
    CHECK(before <= 502);
    REQUIRE_FALSE(world.control().reset("c", ""));
    world.commit();
    CHECK(world.store.tables().identities.empty());
    CHECK(world.store.tables().values.empty());
    REQUIRE_FALSE(world.import(list_of(2000)));  // the places are free again
}
