#pragma once
// What a run judges, and its parameters. Plain values; any thread.

#include "server/verdict/moment.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace verdict {

enum class AuthType : std::uint8_t { token, password, certificate };

// The parameters of section 2 of verdict.md; spans in µs.
struct Parameters {
    Moment patience = std::chrono::seconds(60);
    Moment max_backoff = std::chrono::seconds(60);
    Moment keep_alive_max = std::chrono::seconds(1'200);
    Moment keep_alive_patience = std::chrono::seconds(120);
    Moment outage = std::chrono::seconds(20);
    Moment report_interval{0};  // 0: learnt from the first reports
    std::string report_alias = {};
    // As given, or the first settable resource and at least two different values of its format; empty: there is none.
    std::string setting_alias = {};
    std::vector<std::string> setting_values = {};
    bool setting_given = false;  // setting_alias was given: only then a check judges whether the device applies a value
    std::string text_alias = {};           // a settable string resource that takes any text; empty: there is none
    std::uint64_t content_bytes = 65'536;  // size of the offered file
    std::uint64_t corruptions = 20;        // for ROB-02; 0: unlimited (soak)
    Moment duration{0};                    // for ROB-02: its end; 0: after its last corruption
    std::uint64_t seed = 1;                // of the run's random numbers
    bool reprovisions = true;
    std::vector<std::string> hooks = {};  // answered by the caller: "power_cycle", "report", "provision", "update"
};

// How long a pause may be that was not waited out because it reached `max_backoff`: a minute, as `full` allows, or less
// in a run with short limits.
constexpr Moment longest_unseen_pause(Moment max_backoff) {
    return std::min<Moment>(8 * max_backoff, std::chrono::seconds(60));
}

// The device that is judged.
struct Subject {
    std::string connector;
    std::string identity;
    AuthType auth_type = AuthType::token;
    std::string expected_host;    // the SNI that the device should send: `<connector>.<domain>`
    std::string given_host = {};  // MURANO_HOST, if the run started the device; empty: the same
};

}  // namespace verdict
