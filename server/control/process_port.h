#pragma once
// The server itself: its metrics and its health.
// A part of ControlPort, which has the rules for threads and errors.

#include <optional>
#include <string>

namespace device {

class ProcessPort {
  public:
    virtual ~ProcessPort() = default;

    virtual std::string metrics_text() = 0;  // Prometheus
    virtual bool ready() = 0;
    virtual std::optional<std::string> storage_failure() = 0;  // see CommitQueue::failing()
};

}  // namespace device
