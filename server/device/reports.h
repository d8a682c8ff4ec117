#pragma once
// Data from a device: `$resource/<alias>`, `$resource/`, `$resource.batch`. [R37-R40]

#include "server/core/client.h"
#include "server/device/state.h"
#include "server/murano/report_parser.h"
#include "server/murano/timestamps.h"

#include <string_view>
#include <vector>

namespace device {

// Its functions return false when the quirk `invalid_value: disconnect` closes the connection.
class Reports {
  public:
    Reports(Recorder& recorder, State& state, const murano::ReportLimits& limits)
        : recorder_(recorder), state_(state), buffer_(limits) {}

    // `client` has a device.
    bool one(const Client& client, std::string_view alias, std::string_view payload, const About& about,
             const runtime::Now& now);
    bool many(const Client& client, std::string_view payload, const About& about, const runtime::Now& now);
    bool batch(const Client& client, std::string_view payload, const About& about, const runtime::Now& now);

  private:
    struct Message {
        const Client& client;
        const About& about;
        const runtime::Now& now;
        bool historical = false;  // its entries carry their own timestamps [R38]
    };
    struct Range {
        std::int64_t timestamp_us;
        std::size_t first, count;  // into named_
    };

    bool take_parsed(const Message& message, const murano::ReportOutcome& outcome);
    void take_entry(const Message& message, const murano::ReportEntry& entry);
    void take(const Message& message, const murano::ResourceRules* rules, std::string_view alias,
              const murano::ValueCheck& check, std::int64_t timestamp_us);
    void refuse(const Message& message, const murano::Finding& finding);
    void note(const Message& message, const murano::Finding& finding);
    void note_undefined(const Message& message, std::string_view alias);
    bool finish(const Message& message);

    Recorder& recorder_;
    State& state_;
    // Reused for every message, so that a report allocates nothing.
    murano::ReportBuffer buffer_;
    std::vector<journal::NamedValue> named_;
    std::vector<Range> ranges_;
    std::vector<journal::Report> reports_;
    murano::StaleValues stale_;
    std::size_t findings_ = 0;  // of this message
    bool refused_ = false;
};

}  // namespace device
