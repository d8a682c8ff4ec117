#pragma once
// The control side's calls on the faults: what a fault needs is made first, hits are written down, a snapshot keeps the
// definitions. Loop thread only.

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
    // On the helper thread, before the fault is in force: what it needs, such as certificates. Throws std::exception.
    using Make = std::function<std::shared_ptr<const void>(const faults::Fault& fault)>;
    // What this server cannot do; empty: it can.
    using Judge = std::function<std::string(const faults::Fault& fault)>;
    struct Parts {
        faults::Registry& registry;
        Context& context;
        Make make;
        Judge judge;
        std::function<void()> wake;  // those who wait for a task
    };
    explicit FaultCalls(Parts parts);

    struct Put {
        std::optional<ControlError> failure;
        std::vector<faults::ArmedPtr> made;
        bool replaced = false;  // there was one of that name
        bool done = false;
    };
    using Task = std::shared_ptr<const Put>;

    enum class How : std::uint8_t { add, put, replace_all };
    // All or none, in the registry when `done`. replace_all: the list becomes these.
    Task put(std::vector<faults::Fault> described, How how);

    // Whether every open connection knows of the last change; `wake` is called when that becomes true.
    bool in_force() const { return !in_force_ || in_force_(); }
    void ask_in_force(std::function<bool()> in_force) { in_force_ = std::move(in_force); }

    faults::TimePoint now() const { return parts_.context.clock.now().steady; }
    faults::Registry& registry() { return parts_.registry; }
    const faults::Registry& registry() const { return parts_.registry; }

    // Of the settings file: those that are new or changed are made anew, those that are gone end.
    void use_file(std::vector<faults::Fault> described);
    void reset(std::string_view connector, std::string_view identity);
    void keep_for_snapshot();  // writes the definitions, for the copy that follows
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
