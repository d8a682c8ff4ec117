#pragma once
// One accepted socket: handshake, then bytes to its handler, and the handler's output back, each part gated by its
// commit. The server holds it until it is lost, those who have work for it a little longer.

#include "server/device/peer.h"
#include "server/net/buffer_budget.h"
#include "server/net/handshake_pool.h"
#include "server/net/outbox.h"
#include "server/net/poller.h"
#include "server/net/protocol_handler.h"
#include "server/net/transport.h"
#include "server/net/turn.h"
#include "server/runtime/due_queue.h"
#include "server/runtime/emulator_clock.h"
#include "server/runtime/log.h"
#include "server/runtime/metrics.h"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net {

using runtime::PortKind;

// Shared by all connections of a loop.
struct ConnectionServices {
    boost::asio::io_context& io;
    Poller& poller;
    Turn& turn;
    runtime::EmulatorClock& clock;
    runtime::Log& log;
    runtime::Metrics& metrics;
    runtime::DueQueue& timers;
    std::vector<char>& scratch;  // read buffer of the loop: whole packets are handled right out of it
    HandlerFactory make_mqtt;    // device ports
    HandlerFactory make_device_http;
    HandlerFactory make_api;
    HandshakePool* handshakes;                // nullptr: the loop does them itself
    std::function<void(Connection&)> closed;  // the registry forgets it
    std::function<void(Connection&, const HandshakeFailure&)> handshake_failed;
    std::function<void(const Connection&, const std::exception&)> failed;  // tells the log
    std::function<void(device::PeerFacts&, SSL&)> read_tls_facts;
    std::function<void(Connection&)> logged_in;  // a device, with its credential
    BufferBudget& buffers;
    std::function<void()> over_budget;  // too much is held: something must go, in a turn of its own
    std::chrono::milliseconds connect_timeout{10'000};
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(ConnectionServices& services, std::unique_ptr<Transport> transport, PortKind kind, std::uint64_t number,
               device::PeerFacts facts);
    ~Connection();

    void start();

    // --- for handlers ---
    void send(std::string_view bytes);  // leaves once everything submitted until now is committed
    std::size_t waiting_bytes() const { return outbox_.size(); }
    std::size_t held_bytes() const { return held_; }
    void close(device::CloseReason reason);  // after what is waiting has left
    void abort(device::CloseReason reason);  // at once
    void deadline_changed();                 // an earlier one than before
    void resume();                           // wants_bytes() may have become true
    const device::PeerFacts& facts() const { return facts_; }
    PortKind kind() const { return kind_; }
    std::uint64_t number() const { return number_; }
    void continue_later(std::function<void()> work);  // in a turn of its own
    runtime::DueQueue::TimePoint now() const { return services_.clock.now().steady; }
    runtime::DueQueue::TimePoint opened() const { return opened_; }
    Transport& transport() { return *transport_; }
    device::PeerTraffic& traffic() { return traffic_; }
    ConnectionServices& services() { return services_; }

    // Runs what may read the store. When that fails (a bug, or a damaged database), this connection ends and no other.
    template <typename Work>
    void guarded(const Work& work) {
        try {
            work();
        } catch (const std::exception& error) {
            failed(error);
        }
    }

    // --- for the server, the turn and the timers ---
    void on_ready(Poller::Events events);
    void flush();
    void flush_gated();
    void commit_failed();
    std::optional<runtime::DueQueue::TimePoint> on_timer(runtime::DueQueue::TimePoint now);

  private:
    enum class State : std::uint8_t { handshake, open, closing, lingering, closed };

    void continue_handshake();
    void hand_over_handshake();
    void handshake_returned(const HandshakeStep& step);
    void handshake_stepped(const HandshakeStep& step);
    void handshake_done();
    void wait_readable();
    void wait_writable();
    void tell_poller(bool something_to_read = false);
    void failed(const std::exception& error);
    void on_readable();
    void handle(std::string_view bytes);
    void choose_handler(char first);
    void write_out();
    void write_what_may_leave();
    void linger();
    void linger_on();
    bool drain();
    void lost(device::CloseReason reason);
    void notify_closed(device::CloseReason reason);
    bool may_read() const;
    void account();

    ConnectionServices& services_;
    std::unique_ptr<Transport> transport_;
    PortKind kind_;
    std::uint64_t number_;
    device::PeerFacts facts_;
    device::PeerTraffic traffic_;
    std::unique_ptr<ProtocolHandler> handler_;
    Outbox outbox_;
    runtime::DueQueue::TimePoint opened_;
    runtime::DueQueue::TimePoint linger_until_;
    device::CloseReason reason_ = device::CloseReason::network_error;
    std::size_t held_ = 0;  // as the budget knows it
    State state_ = State::handshake;
    Poller::Events asked_;  // what the poller knows
    bool reading_ = false;  // waits until it can read
    bool writing_ = false;  // waits until it can write
    bool away_ = false;     // the transport is with a thread of the handshake pool
    bool in_output_list_ = false;
    bool in_gated_list_ = false;
    bool told_closed_ = false;
    bool paused_ = false;  // not reading, for a reason of ours
    bool paused_by_congestion_ = false;
};

}  // namespace net
