#pragma once
// The control side's calls on the faults: prepares what a fault needs, records its hits, and keeps the definitions for
// a snapshot. Loop thread only.

#include "server/core/context.h"
#include "server/core/control_error.h"
#include "server/core/recorder.h"
#include "server/faults/registry.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace device {

class FaultCalls {
  public:
    // Prepares what the fault needs, such as certificates. Helper thread, before it is in force. Throws std::exception.
    using Make = std::function<std::shared_ptr<const void>(const faults::Fault& fault)>;
    // Why this server cannot do the fault; empty: it can.
    using Judge = std::function<std::string(const faults::Fault& fault)>;
    struct Parts {
        faults::Registry& registry;
        Context& context;
        Make make;
        Judge judge;
        std::function<void()> wake;  // called when a task or a change is done
    };
    explicit FaultCalls(Parts parts);

    struct Put {
        std::optional<ControlError> failure;
        std::vector<faults::ArmedPtr> made;
        bool replaced = false;  // a fault with that name existed
        bool done = false;
    };
    using Task = std::shared_ptr<const Put>;

    enum class How : std::uint8_t { add, put, replace_all };
    // All or none; in the registry once `done`. replace_all: the registry then holds only these.
    Task put(std::vector<faults::Fault> described, How how);

    // Whether the last change applies to every open connection; `wake` is called when it does.
    bool in_force() const { return !in_force_ || in_force_(); }
    void ask_in_force(std::function<bool()> in_force) { in_force_ = std::move(in_force); }

    faults::TimePoint now() const { return parts_.context.clock.now().steady; }
    faults::Registry& registry() { return parts_.registry; }
    const faults::Registry& registry() const { return parts_.registry; }

    // The faults of the settings file: new and changed ones are armed, missing ones end.
    void use_file(std::vector<faults::Fault> described);
    void reset(std::string_view connector, std::string_view identity);
    void keep_for_snapshot();  // writes the definitions, for the following copy
    void take_from_snapshot();

  private:
    struct Prepared {
        std::vector<faults::Fault> described;
        std::vector<std::shared_ptr<const void>> made;
        std::string failure;
    };
    std::optional<ControlError> refusal(const std::vector<faults::Fault>& described, How how) const;
    void put_in_force(Put& task, Prepared&& prepared, How how);
    void put_list_in_force(Put& task, Prepared&& prepared);
    void hit(const faults::Report& report);

    Parts parts_;
    Recorder recorder_;
    std::vector<faults::Fault> file_;
    std::function<bool()> in_force_;
};

}  // namespace device
