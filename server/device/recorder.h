#pragma once
// Writes what happened into the journal, and findings into the log as well: the same sentences in both.

#include "server/device/about.h"
#include "server/device/context.h"
#include "server/device/link.h"
#include "server/murano/finding.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

// Whom an event is about, when there is no connection.
struct Subject {
    std::string_view connector;
    std::string_view identity;
    std::string_view connection_id = {};
    std::string_view ip = {};
    journal::Protocol protocol = journal::Protocol::control;
};

class Recorder {
  public:
    explicit Recorder(Context& context) : context_(context) {}

    void event(const Link& link, journal::EventType type, const runtime::Now& now,
               const journal::Payload& payload = {});
    void event(const Subject& subject, journal::EventType type, const runtime::Now& now,
               const journal::Payload& payload = {});
    void finding(const Link& link, const murano::Finding& finding, const runtime::Now& now, const About& about = {});
    void finding(const Subject& subject, const murano::Finding& finding, const runtime::Now& now,
                 const About& about = {});

    static Subject subject_of(const Link& link);

  private:
    Context& context_;
};

}  // namespace device
