#pragma once
// Runs that judge devices, in a running server: what they see, what they order, what the journal tells of them, and
// what is left of them after a stop. [verdict.md 1] Loop thread only.

#include "server/control/run_hand.h"
#include "server/core/recorder.h"
#include "server/verdict/runs.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>

namespace config {
struct JsonNode;
}

namespace device {

struct RunRequest {
    verdict::RunPlan plan;
    std::string suite;
    std::set<std::string> hooks;
    bool watch_only = false;
};

class VerdictCalls : public verdict::Observer {
  public:
    struct Parts {
        Context& context;
        ControlPort& control;
        FaultCalls& faults;
        RunWorld world;
        InviteGuest invite;
        std::size_t most = 100;  // limits.max_runs
    };
    explicit VerdictCalls(const Parts& parts);

    // `soon`: turn() is to be called in a turn of its own. `later`: at that time, or when it is called again.
    void on_work(std::function<void()> soon, std::function<void(verdict::Steady)> later);
    void turn();

    std::variant<std::string, ControlError> start(RunRequest request);  // its id
    const verdict::Runs& runs() const { return runs_; }
    std::set<std::string> hooks_asked(std::string_view run) const;
    // Aborts it; of one that is over nothing is left.
    Failure remove(const std::string& run);
    Failure answer_hook(const std::string& run, const std::string& hook, const std::string& error);
    // Runs on what is reset are aborted; empty: all.
    void reset(std::string_view connector, std::string_view identity);
    // The server stops: nothing of the runs may stay.
    void stop() { abort_all("the server was stopped"); }
    // Of runs that a crash cut off: what they changed is put back, and they are told as aborted.
    void take_from_store();

    void saw(const verdict::Sighting& sighting) override;
    void recorded(const journal::Recorded& event) override;

  private:
    struct Going {
        RunHand hand;
        std::set<std::string> told;  // ids of checks whose outcome the journal has
        std::size_t acts_told = 0;
        std::optional<bool> alone = std::nullopt;  // as the run was told
    };

    verdict::Steady now() const;
    void abort_all(const std::string& why);
    void schedule();
    RunHand make_hand(const std::string& run, const verdict::Subject& subject, std::set<std::string> hooks);
    void tell_neighbours();
    void carry_out();
    void settle();
    void tell_outcomes(const verdict::Runs::Entry& entry, Going& going);
    struct Step {
        std::string_view what;  // "began", "hook", "outcome", "ended"
        std::string_view check = {};
        std::string_view hook = {};
        std::string_view outcome = {};
        std::string_view message = {};
    };
    void tell(const verdict::Runs::Entry& entry, const Step& step);
    void see_what_is_there(const verdict::Runs::Entry& entry, bool acts);
    void keep();
    void take_back(const config::JsonNode& kept);
    void watch_tasks();

    Parts parts_;
    Recorder recorder_;
    verdict::Runs runs_;
    std::map<std::string, Going, std::less<>> going_;
    std::function<void()> soon_ = [] {};
    std::function<void(verdict::Steady)> later_ = [](verdict::Steady) {};
    std::uint64_t watch_ = 0;  // of tasks; 0: none
    bool turning_ = false;     // turn() was asked for
};

}  // namespace device
