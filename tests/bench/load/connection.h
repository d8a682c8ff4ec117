#pragma once
// One MQTT connection: opens, sends CONNECT, then passes packets to its handler. The caller batches writes: it appends
// to out() and flushes once.

#include "protocol/packet_splitter.h"
#include "tests/bench/load/loop.h"
#include "tests/bench/load/stream.h"
#include "tests/bench/load/wire.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace load {

class Connection;

class Handler {
  public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;
    virtual void on_connack(Connection& connection) = 0;
    virtual void on_packet(Connection& connection, const protocol::Frame& packet) = 0;
    // Called after all packets of one wake-up, for sending. Also called when the socket accepts bytes again.
    virtual void on_turn(Connection&) {}
};

class Connection : public Pollable {
  public:
    // `index`: the handler's number for it. All references outlive the connection.
    Connection(Loop& loop, const Endpoint& endpoint, Handler& handler, std::size_t index, Credentials who);

    void open();  // also again, after close()
    void close();

    std::string& out() noexcept { return out_; }
    bool drained() const noexcept { return out_.empty(); }
    void flush();
    // True: the handler always has more to send and gets a turn whenever the socket is writable, not only on request.
    void never_idle(bool on) noexcept { never_idle_ = on; }

    std::size_t index() const noexcept { return index_; }
    std::uint64_t opened_ns() const noexcept { return opened_ns_; }
    const Stream& stream() const noexcept { return stream_; }
    Credentials& who() noexcept { return who_; }

    void on_events() override;

  private:
    enum class State : std::uint8_t { closed, connecting, open };
    void read_all();
    void take(std::string_view input);
    void watch_writing(bool wanted);

    Loop& loop_;
    const Endpoint& endpoint_;
    Handler& handler_;
    std::size_t index_;
    Credentials who_;
    Stream stream_;
    protocol::PacketSplitter splitter_;
    std::string out_;
    std::uint64_t opened_ns_ = 0;
    std::uint32_t generation_ = 0;  // number of open() calls: input read for an earlier one is dropped
    State state_ = State::closed;
    bool watches_writing_ = false;
    bool never_idle_ = false;
};

}  // namespace load
