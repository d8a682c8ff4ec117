#pragma once
// What a run is about, and what it was told. Plain values; any thread.

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
    // Given, or the first settable resource and values of its format, at least two that differ; empty: there is none.
    std::string setting_alias = {};
    std::vector<std::string> setting_values = {};
    bool setting_given = false;   // setting_alias was: only then it is judged whether the device applies a value
    std::string text_alias = {};  // of a settable string resource that takes any text; empty: there is none
    std::uint64_t content_bytes = 65'536;  // of the file that is offered
    std::uint64_t corruptions = 20;        // of ROB-02; 0: without end (soak)
    Moment duration{0};                    // of ROB-02: it ends then; 0: at its last corruption
    std::uint64_t seed = 1;                // of the run: what is drawn by chance comes of it
    bool reprovisions = true;
    std::vector<std::string> hooks = {};  // that the caller answers: "power_cycle", "report", "provision", "update"
};

// How long a pause may be whose end was not waited for, since it reached `max_backoff`: a minute, as `full` asks for,
// or less where the run is in a hurry all over.
constexpr Moment longest_unseen_pause(Moment max_backoff) {
    return std::min<Moment>(8 * max_backoff, std::chrono::seconds(60));
}

// Who is judged.
struct Subject {
    std::string connector;
    std::string identity;
    AuthType auth_type = AuthType::token;
    std::string expected_host;    // the SNI that the device should send: `<connector>.<domain>`
    std::string given_host = {};  // MURANO_HOST, where the run started the device; empty: the same
};

}  // namespace verdict
