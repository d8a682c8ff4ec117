#pragma once
// A wire that is slow on purpose: bytes pass later, at a limited rate, in small segments, always in order. Faults
// `latency`, `bandwidth`, `slice`. [faults 3] Holds a bounded number of bytes; more stay in the kernel.

#include "server/faults/budget.h"
#include "server/net/raw_wire.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace net {

// The shaping of one direction.
struct WayShape {
    struct Delay {
        faults::Milliseconds delay{0}, jitter{0};
        faults::Generator generator;
        faults::Milliseconds draw();
    };
    std::vector<Delay> delays;      // added up
    std::uint64_t bytes_per_s = 0;  // 0: no limit
    std::size_t slice = 0;          // bytes per segment; 0: unchanged
    faults::Milliseconds pause{0};  // between two segments

    bool empty() const { return delays.empty() && bytes_per_s == 0 && slice == 0; }
};
struct WireShape {
    WayShape in, out;
    bool empty() const { return in.empty() && out.empty(); }
};

// Bytes delayed in one direction: each chunk has its time, then the rate applies.
class Way {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    void shape(WayShape shape, TimePoint now);  // waiting bytes leave by the new shape
    void add(std::string_view bytes, TimePoint now);
    std::string_view ready(TimePoint now) const;  // what may pass now
    void passed(std::size_t bytes, TimePoint now);
    std::optional<TimePoint> next() const;  // when bytes may pass; nullopt: none wait
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

  private:
    struct Chunk {
        TimePoint due;
        std::string bytes;
    };
    std::size_t allowance(TimePoint now) const;

    WayShape shape_;
    std::deque<Chunk> chunks_;
    std::size_t head_ = 0;  // bytes of the first chunk that passed already
    std::size_t size_ = 0;
    TimePoint free_at_;  // time at which the rate, or the pause between segments, allows the next byte
};

class ShapedWire : public RawWire {
  public:
    using TimePoint = Way::TimePoint;
    static constexpr std::size_t most_held = 256 * 1024;  // each way

    // `now` is called for each read and write.
    ShapedWire(int fd, std::function<TimePoint()> now) : fd_(fd), now_(std::move(now)) {}

    void shape(WireShape shape);

    ssize_t recv(char* into, std::size_t size) override;
    ssize_t send(const char* bytes, std::size_t size) override;
    void finish() override;

    // Sends what is due. False: the socket is broken.
    bool pump();
    bool readable() const;                                           // recv() returns bytes, or the end
    bool full() const { return ended_ || in_.size() >= most_held; }  // reads no more from the socket
    bool blocked() const { return blocked_; }                        // waits until the socket is writable
    std::size_t held_bytes() const { return in_.size() + out_.size(); }
    std::size_t held_out() const { return out_.size(); }
    // When something is due. `reads`: the caller waits for input.
    std::optional<TimePoint> next(bool reads) const;

  private:
    void pull();

    int fd_;
    std::function<TimePoint()> now_;
    Way in_, out_;
    bool ended_ = false;  // the peer's end was received
    int error_ = 0;       // of the socket
    bool finishing_ = false;
    bool blocked_ = false;
};

}  // namespace net
