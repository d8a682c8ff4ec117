#pragma once
// A simulated device as a value machine: events and the time go in, orders come out. It uses no socket and no clock, so
// that its whole life can be tested in virtual time.
//
// It behaves like the reference device of clients/python: provisions if it has no token, reports, keeps a report until
// its PUBACK, applies settings and reports them back, fetches content, and waits longer after each failure. A
// misbehaviour makes it do one thing wrong. One thread per object.

#include "protocol/packet_splitter.h"
#include "server/simulator/backoff.h"
#include "server/simulator/content_shelf.h"
#include "server/simulator/profile.h"
#include "server/simulator/report.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace simulator {

struct DeviceOptions {
    std::string identity;
    std::string token = {};         // empty: it provisions
    std::string username = {};      // sent with the token or password; empty, as for Murano's token devices
    bool provisions = true;         // drops a refused token and asks for a new one
    bool chooses_password = false;  // provisions with its own password and logs in with its id [R51]
    bool subscribes = false;        // to $resource/#, as other brokers require; Murano needs no subscription [R31]
    Misbehaviour misbehaviour = Misbehaviour::none;
    std::uint64_t seed = 0;
};

// Orders for its connection, in this order.
struct Orders {
    std::string send;
    bool close = false;
    bool open = false;
    std::optional<DownloadOrder> download;  // on its own connection; downloaded() reports its end
};

// Since the device was made.
struct Counts {
    std::uint64_t connections = 0;  // accepted with its credential
    std::uint64_t provisioned = 0;
    std::uint64_t reports = 0;   // acknowledged, or sent if nothing acknowledges them
    std::uint64_t settings = 0;  // applied and reported back
    std::uint64_t downloads = 0;
    std::uint64_t failures = 0;  // attempts and connections that ended unasked
};

class Device {
  public:
    Device(ProfilePtr profile, DeviceOptions options);

    // --- events ---
    void switch_on(Now now);
    void opened(Now now);  // the ordered connection is open, the server verified
    void received(std::string_view bytes, Now now);
    void closed(std::string_view why, Now now);  // by the network or the server
    void wake(Now now);                          // deadline() has come
    void downloaded(DownloadEnd end, std::uint64_t got, Now now);
    void switch_off();  // sends DISCONNECT, then nothing more

    // --- orders ---
    Orders take_orders() { return std::exchange(orders_, {}); }
    std::optional<Steady> deadline() const;

    // --- views ---
    bool working() const { return phase_ == Phase::working; }
    bool resting() const { return phase_ == Phase::resting; }
    const Counts& counts() const { return counts_; }
    const std::string& last_failure() const { return last_failure_; }  // empty: none yet
    const DeviceOptions& options() const { return options_; }
    const Profile& profile() const { return *profile_; }

  private:
    enum class Phase : std::uint8_t { off, resting, opening, awaiting_connack, awaiting_token, working };
    struct InFlight {
        std::uint16_t packet_id = 0;
        std::size_t reports = 0;   // number of the oldest stored reports
        std::string setting = {};  // or the value of this setting
        std::string value = {};    // of the setting, or the chosen password
        Steady sent = {};
    };
    struct Applying {
        std::string value;
        Steady at;
    };

    // device.cpp: connections
    void attempt(Now now);
    void fail(std::string_view why, Now now);
    void send_connect();
    void take_connack(std::string_view body, Now now);
    void take_token(std::string_view token, Now now);
    void begin_work(Now now);
    void enter(Phase phase, Now now);
    // device_work.cpp: from CONNACK to the end of the connection
    void take(const protocol::Frame& frame, Now now);
    void take_publish(std::string_view topic, std::string_view payload, Now now);
    void take_setting(std::string_view levels, std::string_view payload, Now now);
    void take_puback(std::string_view body, Now now);
    void work(Now now);
    void measure(Now now);
    void apply_settings(Now now);
    void send_next(Now now);
    void publish(const ReportText& message, InFlight in_flight, Now now);
    void send_ping(Now now);
    void ask_for_content(Now now);
    void fetch(Now now);
    std::string_view overdue(Now now) const;
    bool is(Misbehaviour kind) const { return options_.misbehaviour == kind; }
    bool pings() const;
    std::uint16_t new_packet_id();

    ProfilePtr profile_;
    DeviceOptions options_;
    Chance chance_;
    Backoff backoff_;
    Memory memory_;
    Settings settings_;                                           // in force
    std::map<std::string, Applying, std::less<>> taken_;          // not yet in force
    std::map<std::string, std::int64_t, std::less<>> set_at_us_;  // of the newest value of each
    std::map<std::string, std::string, std::less<>> to_report_;   // settings in force that the cloud does not know yet
    std::deque<Report> stored_;                                   // not yet acknowledged
    std::optional<InFlight> in_flight_;
    ContentShelf shelf_;
    protocol::PacketSplitter splitter_;
    Orders orders_;
    Counts counts_;
    std::string last_failure_;
    Phase phase_ = Phase::off;
    Steady phase_ends_{};  // resting: the next attempt; waiting: when it gives up
    std::optional<Steady> switched_on_, measured_, next_report_, pinged_, next_list_;
    Steady sent_{};  // the last packet
    std::uint16_t packet_id_ = 0;
};

}  // namespace simulator
