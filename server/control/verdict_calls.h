#pragma once
// Runs that judge devices, in a running server: their observations, orders, journal events, and their recovery after a
// stop. [verdict.md 1] Loop thread only.

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

    // `soon` must call turn() in a turn of its own. `later` must call it at that time; the last call counts.
    void on_work(std::function<void()> soon, std::function<void(verdict::Steady)> later);
    void turn();

    std::variant<std::string, ControlError> start(RunRequest request);  // returns its id
    const verdict::Runs& runs() const { return runs_; }
    std::set<std::string> hooks_asked(std::string_view run) const;
    // Aborts it; removes a run that is over.
    Failure remove(const std::string& run);
    Failure answer_hook(const std::string& run, const std::string& hook, const std::string& error);
    // Aborts runs on what is reset; empty: all.
    void reset(std::string_view connector, std::string_view identity);
    // The server stops: undoes everything the runs changed.
    void stop() { abort_all("the server was stopped"); }
    // Undoes what runs cut off by a crash had changed, and reports them as aborted.
    void take_from_store();

    void saw(const verdict::Sighting& sighting) override;
    void recorded(const journal::Recorded& event) override;

  private:
    struct Going {
        RunHand hand;
        std::set<std::string> told;  // ids of checks whose outcome is in the journal
        std::size_t acts_told = 0;
        std::optional<bool> alone = std::nullopt;  // as last reported to the run
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
    bool turning_ = false;     // turn() is scheduled
};

}  // namespace device
