#pragma once
// One connection of net on a socket pair, with everything of a loop behind it: turn, timers, slices, a store in memory,
// and its client at the other end. Real sockets, virtual time, one thread.

#include "server/journal/journal.h"
#include "server/mqtt/session.h"
#include "server/net/connection.h"
#include "tests/support/memory_store.h"
#include "tests/unit/certs/temporary_folder.h"
#include "tests/unit/net/net_fakes.h"
#include "tests/unit/net/pair_transport.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net_test {

inline constexpr std::size_t file_bytes = 150'000;

class World {
  public:
    enum class Tls : bool { off, on };
    // `commit_that_fails`: the number of the failing commit group, from 1.
    World(runtime::PortKind kind, Failure failure, Tls tls = Tls::off, std::size_t commit_that_fails = Failure::never);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // Sends the client's bytes; run() until nothing more happens, commits included. No effect once it is over.
    void client_sends(std::string_view bytes);
    void client_leaves();
    void pass(std::chrono::milliseconds time);
    void run();

    const std::string& client_got() const { return got_; }
    std::size_t calls() const { return calls_; }
    Devices& devices() { return devices_; }
    Service& service() { return service_; }
    device::CommitQueue& commits() { return commits_; }
    const test::Tables& stored() const { return store_.tables(); }
    net::Connection* connection() { return connection_.get(); }
    const std::vector<std::string>& handshake_failures() const { return handshake_failures_; }
    int ended_without_connect() const { return ended_without_connect_; }

    // The connection ended once, and left nothing behind.
    void check_over();

  private:
    net::ConnectionServices services();
    void open(runtime::PortKind kind, Failure failure, Tls tls);
    bool commit_one();
    bool client_writes();
    bool client_reads();

    static std::array<int, 2> make_pair();

    std::array<int, 2> ends_ = make_pair();
    net::Socket client_{ends_[1]};
    boost::asio::io_context io_;
    runtime::RealTime real_{1'700'000'000'000'000, std::chrono::steady_clock::time_point(std::chrono::hours(1))};
    runtime::EmulatorClock clock_;
    runtime::Log log_;
    runtime::Metrics metrics_;
    runtime::DueQueue timers_;
    net::ExactTimers exact_timers_;
    runtime::Slices slices_;
    test::MemoryStore store_;
    journal::Journal journal_{0};
    net::Turn turn_;
    device::CommitQueue commits_;
    TemporaryFolder folder_;
    Devices devices_;
    mqtt::SessionServices sessions_;
    Service service_;
    net::Poller poller_;
    net::BufferBudget buffers_{1'000'000'000};
    std::vector<char> scratch_;
    net::ConnectionServices services_;
    certs::SslCtxPtr client_context_;
    net::SslPtr client_tls_;
    std::shared_ptr<net::Connection> connection_;
    std::weak_ptr<net::Connection> watched_;
    std::string to_send_, got_;
    std::vector<std::string> handshake_failures_;
    std::size_t calls_ = 0, groups_ = 0, commit_that_fails_;
    int closed_ = 0, ended_without_connect_ = 0;
};

}  // namespace net_test
