#pragma once
// One accepted socket: handshake, then bytes to its handler, and the handler's output back, each part gated by its
// commit. The server holds it until it is lost, pending work a little longer.

#include "server/core/peer.h"
#include "server/faults/registry.h"
#include "server/mqtt/ending.h"
#include "server/net/buffer_budget.h"
#include "server/net/exact_timers.h"
#include "server/net/fault_plan.h"
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
#include "server/runtime/slices.h"
#include "server/verdict/observer.h"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net {

using runtime::PortKind;

class Connection;

// Shared by all connections of a loop.
struct ConnectionServices {
    boost::asio::io_context& io;
    Poller& poller;
    Turn& turn;
    runtime::EmulatorClock& clock;
    runtime::Log& log;
    runtime::Metrics& metrics;
    runtime::DueQueue& timers;
    ExactTimers& exact_timers;
    runtime::Slices& slices;
    std::vector<char>& scratch;  // the loop's read buffer: whole packets are handled in place
    HandlerFactory make_mqtt;    // device ports
    HandlerFactory make_device_http;
    HandlerFactory make_api;
    HandshakePool* handshakes;                // nullptr: handshakes run on the loop
    std::function<void(Connection&)> closed;  // removes it from the registry
    std::function<void(Connection&, const HandshakeFailure&)> handshake_failed;
    std::function<void(Connection&, device::CloseReason)> ended_without_connect;  // on a device port
    std::function<void(const Connection&, const std::exception&)> failed;         // logs the error
    std::function<void(device::PeerFacts&, SSL&)> read_tls_facts;
    std::function<void(Connection&)> logged_in;  // a device has, with its credential
    BufferBudget& buffers;
    std::function<void()> over_budget;  // too much is held: free some, in a turn of its own
    std::chrono::milliseconds connect_timeout{10'000};
    faults::Registry* faults = nullptr;     // nullptr: no faults
    verdict::Observer* observer = nullptr;  // nullptr: nothing observes
    Connection* current = nullptr;          // the one whose bytes are or were handled last
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(ConnectionServices& services, std::unique_ptr<Transport> transport, PortKind kind, std::uint64_t number,
               device::PeerFacts facts);
    ~Connection();

    void start();

    // --- for handlers ---
    void send(std::string_view bytes);  // leaves once everything submitted so far is committed
    void send(std::string_view head, std::string_view body, device::Gate gate);  // once `gate` is committed
    std::size_t waiting_bytes() const { return outbox_.size() + held_on_wire(); }
    // What traffic().bytes_out will be when the outbox is empty.
    std::uint64_t promised_bytes() const { return traffic_.bytes_out + outbox_.size(); }
    std::size_t held_bytes() const { return held_; }
    void close(device::CloseReason reason);                     // after waiting output has left
    void abort(device::CloseReason reason);                     // at once
    void end(mqtt::Ending ending, device::CloseReason reason);  // after waiting output has left, in this way
    void deadline_changed();                                    // it is earlier than before
    void wake_at(runtime::DueQueue::TimePoint time);            // wakes the handler, to the millisecond
    void wake();
    void taps_changed();
    // --- faults: connection_faults.cpp ---
    void faults_changed();
    void client_known(FaultPlan::Who who);  // its CONNECT is accepted
    bool met_by_faults() const { return struck_ != nullptr; }
    void reset_by_fault() {
        reason_ = device::CloseReason::fault;
        reset();
    }
    void resume();               // call when wants_bytes() may have become true
    void resume_after_commit();  // called by the turn, which no longer holds it
    // The client has sent a giant packet: reads nothing more before its commit.
    void read_after_commit() { giant_ = services_.turn.commits().gate(); }
    const device::PeerFacts& facts() const { return facts_; }
    PortKind kind() const { return kind_; }
    std::uint64_t number() const { return number_; }
    void continue_later(std::function<void()> work);  // in a turn of its own
    enum class Slice : std::uint8_t { in_line, first };
    void continue_in_slice(std::function<void()> work, Slice place = Slice::in_line);  // long work; see slices.h
    // Deadlines count from this time, so that our own work since the bytes came is not the peer's delay.
    runtime::DueQueue::TimePoint now() const { return services_.clock.steady_now(); }
    runtime::DueQueue::TimePoint opened() const { return opened_; }
    Transport& transport() { return *transport_; }
    device::PeerTraffic& traffic() { return traffic_; }
    ConnectionServices& services() { return services_; }

    // Runs work that may read the store. If that fails (a bug, or a damaged database), only this connection ends.
    template <typename Work>
    void guarded(const Work& work) {
        try {
            work();
        } catch (const std::exception& error) {
            failed(error);
        }
    }

    // --- for runs that judge devices: connection_observed.cpp ---
    bool is_observed() const { return verdict::looks(services_.observer) && is_of_devices(); }
    void observe(const verdict::Seen& seen) const;

    // --- for the server, the turn and the timers ---
    void on_ready(Poller::Events events);
    void flush();
    void flush_gated();
    void commit_failed();
    std::optional<runtime::DueQueue::TimePoint> on_timer(runtime::DueQueue::TimePoint now);

  private:
    static constexpr int reads_per_turn = 4;  // of the scratch size; then other connections are served
    static constexpr std::chrono::milliseconds linger_time{1'000};

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
    void choose_handler(std::string_view first);
    void write_out();
    void write_what_may_leave();
    void wants_output();
    void reset();
    void linger();
    void linger_on();
    bool drain();
    void lost(device::CloseReason reason);
    void notify_closed(device::CloseReason reason);
    bool may_read() const;
    bool awaits_connect() const;
    bool waits_for_disk() const;
    void account();
    void go_on_with(Poller::Events events);

    // connection_observed.cpp: while a run judges devices
    void observe_hello(bool suite_of_policy);
    void observe_handshake();
    void observe_failure(const HandshakeFailure& failure);
    void observe_end(device::CloseReason reason);

    // connection_faults.cpp
    struct Struck;
    bool is_of_devices() const;
    void meet_faults();
    void meet_faults_of(const faults::Client& client);
    void part_from_faults();
    void apply_faults();
    void shape_wire();
    void end_by_fault(FaultEnding how);
    void stand_still_or_go_on();
    bool stalls(IoStatus status);
    Poller::Events as_faults_want(Poller::Events wanted) const;
    bool ready_in_silence(Poller::Events events);
    bool is_silent(Direction direction) const;
    std::size_t may_pass(Direction direction) const;
    bool may_come();
    void passed(Direction direction, std::size_t bytes);
    std::size_t held_on_wire() const;
    bool has_late_output() const;
    void arm_fault_timer();
    void on_fault_timer();

    ConnectionServices& services_;
    std::unique_ptr<Transport> transport_;
    PortKind kind_;
    std::uint64_t number_;
    device::PeerFacts facts_;
    device::PeerTraffic traffic_;
    std::unique_ptr<ProtocolHandler> handler_;
    Outbox outbox_;
    std::unique_ptr<Struck> struck_;  // nullptr: no fault applies to it
    bool client_is_known_ = false;    // then client_known() is called again when faults change
    runtime::DueQueue::TimePoint opened_;
    runtime::DueQueue::TimePoint linger_until_;
    device::CloseReason reason_ = device::CloseReason::network_error;
    std::size_t held_ = 0;     // as counted in the budget
    std::uint64_t giant_ = 0;  // commit sequence before which nothing is read
    State state_ = State::handshake;
    Poller::Events asked_;  // the events asked of the poller
    bool reading_ = false;  // waits to be readable
    bool writing_ = false;  // waits to be writable
    bool away_ = false;     // a thread of the handshake pool uses the transport
    bool in_output_list_ = false;
    bool in_gated_list_ = false;
    bool told_closed_ = false;
    bool told_hello_ = false;  // reported to the observer
    bool paused_ = false;      // not reading, for our own reasons
    bool paused_by_congestion_ = false;
    bool woken_ = false;                       // has an entry in the exact timers
    mqtt::Ending ending_ = mqtt::Ending::fin;  // how it closes; half: the waiting output is the last
};

}  // namespace net
