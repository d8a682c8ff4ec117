#include "server/net/connection.h"

#include "tests/support/memory_store.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/socket.h>

namespace {

using namespace std::chrono_literals;

// Does what the test says when bytes come.
class Scripted : public net::ProtocolHandler {
  public:
    using Script = std::function<void(net::Connection& connection)>;

    Scripted(net::Connection& connection, const Script& script) : connection_(connection), script_(script) {}
    void on_bytes(std::string_view) override { script_(connection_); }
    void on_closed(device::CloseReason) override {}
    std::string_view name() const override { return "scripted"; }

  private:
    net::Connection& connection_;
    const Script& script_;
};

// One connection over a pair of sockets, on a clock that only the test moves.
struct World {
    runtime::RealTime time{.us = 1'000'000, .steady = {}};
    Scripted::Script script;
    boost::asio::io_context io;
    test::MemoryStore store;
    journal::Journal journal{0};
    net::Turn turn{io};
    device::CommitQueue commits{store, journal, [this] { turn.schedule(); }};
    net::Poller poller{io, [this](net::Poller::Key, net::Poller::Events events) { connection->on_ready(events); }};
    runtime::EmulatorClock clock{[this] { return time; }};
    runtime::Log log{runtime::LogLevel::error, runtime::LogFormat::text, [](std::string_view) { return true; }};
    runtime::Metrics metrics;
    runtime::DueQueue timers;
    net::ExactTimers exact_timers{io, [this](net::ExactTimers::Key) { connection->wake(); }};
    runtime::Slices slices{[] {}, [this] { return time.steady; }};
    std::vector<char> scratch = std::vector<char>(1024);
    net::BufferBudget buffers{1'000'000};
    net::ConnectionServices services{
        .io = io,
        .poller = poller,
        .turn = turn,
        .clock = clock,
        .log = log,
        .metrics = metrics,
        .timers = timers,
        .exact_timers = exact_timers,
        .slices = slices,
        .scratch = scratch,
        .make_mqtt = [this](net::Connection& owner) { return std::make_unique<Scripted>(owner, script); },
        .make_device_http = {},
        .make_api = [this](net::Connection& owner) { return std::make_unique<Scripted>(owner, script); },
        .handshakes = nullptr,
        .closed = [](net::Connection&) {},
        .handshake_failed = {},
        .ended_without_connect = {},
        .failed = {},
        .read_tls_facts = {},
        .logged_in = {},
        .buffers = buffers,
        .over_budget = [] {},
    };
    std::shared_ptr<net::Connection> connection;

    faults::Registry registry{{}};

    explicit World(net::PortKind kind = net::PortKind::api) {
        services.faults = &registry;
        turn.attach(commits);
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
        peer_fd = ends[1];
        connection = std::make_shared<net::Connection>(services, net::make_plain_transport(net::Socket(ends[0])), kind,
                                                       1, device::PeerFacts());
        connection->start();
    }
    ~World() { ::close(peer_fd); }

    // The peer asks, and the script has run when this returns.
    void ask() {
        REQUIRE(::send(peer_fd, "ask", 3, 0) == 3);
        while (connection->traffic().bytes_in == 0) io.run_one();
    }
    // As the server does it at each tick.
    void tick() {
        timers.pop_due(time.steady, [this](runtime::DueQueue::Key) { return connection->on_timer(time.steady); });
    }
    std::string received() const {
        std::array<char, 100> bytes{};
        const auto got = ::recv(peer_fd, bytes.data(), bytes.size(), 0);
        return got > 0 ? std::string(bytes.data(), static_cast<std::size_t>(got)) : std::string();
    }

    int peer_fd = -1;
};

}  // namespace

TEST_CASE("an answer that took longer than a closing connection lingers leaves nonetheless") {
    World world;
    world.script = [&world](net::Connection& connection) {
        world.time.steady += 1'500ms;
        connection.send("done");
        connection.close(device::CloseReason::device_disconnect);
    };
    world.ask();
    world.tick();  // comes before the end of the turn, where output leaves
    world.io.poll();
    CHECK(world.received() == "done");
    world.time.steady += 2s;  // who does not take leave is not waited for any longer
    world.tick();
    CHECK(world.timers.size() == 0);
}

TEST_CASE("a fault on the bytes of another device is forgotten once it is known who speaks") {
    faults::Fault fault;
    fault.kind = faults::Kind::latency;
    fault.scope.identity = "other";
    World world(net::PortKind::mqtt);
    const auto add = [&world, &fault] {
        world.registry.add(fault, world.time.steady);
        world.connection->faults_changed();
        world.connection->client_known({"mine", "", false});
    };
    world.registry.add(fault, world.time.steady);
    world.connection->faults_changed();
    CHECK(world.connection->met_by_faults());  // it may be that one
    world.connection->client_known({"mine", "", false});
    CHECK_FALSE(world.connection->met_by_faults());
    add();
    CHECK_FALSE(world.connection->met_by_faults());
    fault.scope.identity = "mine";
    add();
    CHECK(world.connection->met_by_faults());
}

TEST_CASE("[R25a] what confirms nothing does not wait for the disk, unless behind what does") {
    World world;
    world.script = [&world](net::Connection& connection) {
        world.commits.change(storage::PutMeta{"key", "value"});
        connection.send("pong ", {}, 0);
        connection.send("ack ");
        connection.send("pong", {}, 0);
    };
    world.ask();
    world.io.poll();
    CHECK(world.received() == "pong ");
    auto [group, result] = world.store.commit(1, true);
    world.commits.completed(std::move(group), result);
    CHECK(world.received() == "ack pong");
}

TEST_CASE("who has sent something giant is not read from before its commit, and then is") {
    World world;
    world.script = [&world](net::Connection& connection) {
        world.commits.change(storage::PutMeta{"key", "value"});
        connection.read_after_commit();
    };
    world.ask();
    world.io.poll();
    REQUIRE(::send(world.peer_fd, "more", 4, 0) == 4);
    world.io.poll();
    CHECK(world.connection->traffic().bytes_in == 3);
    world.script = [](net::Connection&) {};
    auto [group, result] = world.store.commit(1, true);
    world.commits.completed(std::move(group), result);
    world.io.poll();
    CHECK(world.connection->traffic().bytes_in == 7);
}
