#pragma once
// The faults on one connection: `silence`, `close`, `latency`, `bandwidth`, `slice`, `tls_records`, and what others do
// to its handshake. Each fault gets one chance per connection; a hit lasts until the connection closes or the fault
// ends. [faults 5] Independent of sockets: the connection asks and acts. Loop thread only.

#include "server/core/peer.h"
#include "server/faults/registry.h"
#include "server/net/shaped_wire.h"
#include "server/net/tls/hello_faults.h"
#include "server/runtime/metrics.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

using runtime::Direction;

// How a fault ends a connection.
enum class FaultEnding : std::uint8_t { fin, reset, half };

class FaultPlan : public HelloFaults {
  public:
    using TimePoint = faults::TimePoint;

    // When a property of the connection becomes known.
    enum class Phase : std::uint8_t { accepted, hello, connected };

    FaultPlan(faults::Registry& registry, const device::PeerFacts& facts);
    FaultPlan(const FaultPlan&) = delete;
    FaultPlan& operator=(const FaultPlan&) = delete;

    // --- reported by the connection ---
    void reach(Phase phase, TimePoint now);  // new chances for faults
    struct Who {
        std::string identity, client_id;
        bool anonymous = false;
    };
    void connected(Who who, TimePoint now);
    void refresh(TimePoint now);  // faults were added or removed
    void passed(Direction direction, std::size_t bytes, TimePoint now);
    // Bytes have come but are not handled yet. False: the connection ends instead.
    bool may_come(TimePoint now);
    HelloVerdict on_client_hello(std::string_view connector) override;

    // --- asked by the connection ---
    faults::Client client() const;
    bool untouched() const { return held_.empty() && tried_.empty(); }  // no fault ever had a chance here
    bool silent(Direction direction) const;
    bool silences() const { return silent(Direction::in) || silent(Direction::out); }
    bool stalled() const;  // the handshake stalls
    bool was_ended() const {
        return ended_;
    }  // what silenced it was taken away, or its handshake stood: it is to be reset
    // Number of bytes that may pass before a fault acts.
    std::size_t allowance(Direction direction) const;
    std::optional<FaultEnding> take_ending(TimePoint now);  // once
    WireShape shape();
    bool shapes() const;                    // the wire changed: call shape()
    std::size_t most_record() const;        // 0: no limit
    std::optional<TimePoint> next() const;  // when take_ending() returns something

  private:
    struct Held {
        faults::ArmedPtr armed;
        std::uint64_t hit = 0;
        std::uint64_t in = 0, out = 0;  // bytes since it began
        bool acts = false;
        std::optional<TimePoint> due = {};  // close: its time
    };

    bool may_begin(const faults::Fault& fault) const;
    void chance(const faults::ArmedPtr& armed, TimePoint now);
    void count(Held& held, TimePoint now);
    void act(Held& held, TimePoint now, const std::string& detail);
    HelloVerdict strike_hello(const faults::ArmedPtr& armed, HelloVerdict verdict, TimePoint now);
    static bool counts(const Held& held, Direction direction);
    static std::uint64_t counted(const Held& held);
    static std::uint64_t limit(const Held& held);

    faults::Registry& registry_;
    const device::PeerFacts& facts_;
    std::string hello_connector_;
    Who who_;
    Phase phase_ = Phase::accepted;
    std::vector<std::uint32_t> tried_;  // numbers of the faults that had their chance here
    std::vector<Held> held_;
    std::optional<TimePoint> last_came_;
    TimePoint now_;
    bool is_connected_ = false;
    bool shapes_ = false;
    bool ended_ = false;
};

}  // namespace net
