#pragma once
// Writes events into the journal, and findings into the log as well, in the same words.

#include "server/core/about.h"
#include "server/core/client.h"
#include "server/core/context.h"
#include "server/core/day_log.h"
#include "server/murano/finding.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

// Whom an event is about, when there is no client.
struct Subject {
    std::string_view connector;
    std::string_view identity;
    std::string_view connection_id = {};
    std::string_view ip = {};
    journal::Protocol protocol = journal::Protocol::control;
};

class Recorder {
  public:
    explicit Recorder(Context& context) : context_(context), day_log_(context.log) {}

    void event(const Client& client, journal::EventType type, const runtime::Now& now,
               const journal::Payload& payload = {});
    void event(const Subject& subject, journal::EventType type, const runtime::Now& now,
               const journal::Payload& payload = {});
    void finding(const Client& client, const murano::Finding& finding, const runtime::Now& now,
                 const About& about = {});
    // `log_level`: of its line in the log, where not the one that goes with its severity.
    void finding(const Subject& subject, const murano::Finding& finding, const runtime::Now& now,
                 const About& about = {}, std::optional<runtime::LogLevel> log_level = std::nullopt);

    static Subject subject_of(const Client& client);

    // The device has disconnected: the log tells what it repeated.
    void left(const Client& client) { day_log_.left(subject_of(client)); }

  private:
    Context& context_;
    DayLog day_log_;
};

}  // namespace device
