#pragma once
// All ports and connections of one loop: accepts, counts, creates handlers, closes.

#include "protocol/limits.h"
#include "server/device/device_port.h"
#include "server/http/service.h"
#include "server/mqtt/session.h"
#include "server/net/admission.h"
#include "server/net/bare_connects.h"
#include "server/net/buffer_budget.h"
#include "server/net/connection.h"
#include "server/net/handshake_pool.h"
#include "server/net/listener.h"
#include "server/net/poller.h"
#include "server/runtime/random.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

struct ServerOptions {
    std::string default_connector = "local";
    AdmissionLimits admission;
    std::size_t max_buffered_bytes = 512 * 1024 * 1024;
    std::size_t handshake_threads = 0;  // beside the loop
    std::chrono::milliseconds connect_timeout{10'000};
    protocol::PacketLimits packets;
    mqtt::TapSource* taps = nullptr;        // outlives the server
    faults::Registry* faults = nullptr;     // outlives the server
    verdict::Observer* observer = nullptr;  // outlives the server
    std::function<void()> faults_told = {};
};

struct ServerParts {
    boost::asio::io_context& io;
    Turn& turn;
    device::DevicePort& devices;
    HttpService& device_http;
    HttpService& api;
    TlsContext& device_tls;
    TlsContext* api_tls;  // nullptr: no such port
    runtime::EmulatorClock& clock;
    runtime::Log& log;
    runtime::Metrics& metrics;
    runtime::Random& random;
};

// Loop thread only.
class Server {
  public:
    Server(const ServerParts& parts, const ServerOptions& options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds; throws std::runtime_error. Accepting begins with start(). Returns the address with the real port.
    std::string listen(PortKind kind, const std::string& host, std::uint16_t port, const std::string& connector = {});
    void start();
    void stop_accepting();
    void close_all(device::CloseReason reason);
    // Faults were added or removed, began or ended. Never call it from a tap. Open connections are told at once for up
    // to a millisecond, the rest in slices; then options.faults_told is called.
    enum class Telling : std::uint8_t { in_slices, at_once };
    void faults_changed(Telling how = Telling::in_slices);
    bool faults_told() const { return untold_.empty(); }
    // A device's CONNECT is accepted: faults that name the device may begin.
    void connected(std::string_view connection_id, FaultPlan::Who who);
    std::size_t open_connections() const { return connections_.size(); }
    std::uint16_t first_port(PortKind kind) const;  // 0: none

  private:
    struct Port {
        PortKind kind;
        std::string connector;
        bool loopback;
        std::unique_ptr<Listener> listener;
    };

    void accepted(const Port& port, Accepted&& peer);
    bool refused_by_fault(PortKind kind, const Accepted& peer);
    void keep_outage();
    void tell_of_faults(Telling how);
    bool admit(PortKind kind, std::uint64_t number, const std::string& ip);
    void make_room();
    void relieve();
    void drop_all();
    void closed(Connection& connection);
    void handshake_failed(Connection& connection, const HandshakeFailure& failure);
    void ended_without_connect(Connection& connection, device::CloseReason reason);
    void bare_connect(const Connection& connection);
    void tell(const Connection& connection, std::string_view connector, const HandshakeFailure& failure,
              journal::Severity severity);
    void failed(const Connection& connection, const std::exception& error);
    void read_tls_facts(device::PeerFacts& facts, SSL& ssl);
    std::unique_ptr<ProtocolHandler> make_http(Connection& connection, HttpService& service);
    void schedule_tick();

    ServerParts parts_;
    ServerOptions options_;
    std::vector<char> scratch_;
    Admission admission_;
    BufferBudget buffers_;
    Poller poller_;
    runtime::DueQueue timers_;
    ExactTimers exact_timers_;
    runtime::Slices slices_;
    boost::asio::steady_timer tick_;
    std::unique_ptr<HandshakePool> handshakes_;
    mqtt::SessionServices sessions_;
    ConnectionServices services_;
    std::vector<std::unique_ptr<Port>> ports_;
    std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
    BareConnects bare_connects_;
    std::vector<std::weak_ptr<Connection>> untold_;  // of the current faults
    std::uint64_t next_number_ = 1;
    bool full_ = false;           // and logged
    bool outage_ = false;         // device ports do not listen
    bool telling_ = false;        // a slice for `untold_` is scheduled
    bool relieving_ = false;      // relieve() is scheduled
    std::uint64_t failures_ = 0;  // since the last log line about them
    std::optional<runtime::DueQueue::TimePoint> failure_logged_;
};

}  // namespace net
