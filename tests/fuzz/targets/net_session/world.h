#pragma once
// A whole server without sockets and disk, its clients, and the shadow model. Built anew for each input. The store
// commits, fails or is lost as the input says.

#include "server/control/fault_calls.h"
#include "server/fault_tap/fault_taps.h"
#include "tests/fuzz/targets/net_session/client.h"
#include "tests/fuzz/targets/net_session/judge.h"
#include "tests/fuzz/targets/net_session/judged_port.h"
#include "tests/fuzz/targets/net_session/model.h"
#include "tests/support/world/life.h"

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz::session {

inline constexpr std::array<std::string_view, 2> connectors{"local", "other"};  // tokens, and passwords
inline constexpr std::array<std::string_view, 3> identities{"a", "b", "c"};
inline constexpr std::size_t most_identities = 3;  // of a connector
inline constexpr std::size_t most_outbox_bytes = 600;

class World {
  public:
    explicit World(std::uint8_t quirks);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    device::DeviceService& devices() { return life_->server.devices; }
    mqtt::SessionServices& sessions() { return life_->sessions; }
    device::ControlService& control() { return life_->server.devices.control(); }
    device::FaultCalls& faults() { return life_->faults; }
    fault_tap::FaultTaps& fault_taps() { return life_->taps; }
    device::CommitQueue& commits() { return life_->server.commits; }
    const test::Tables& tables() const { return ground_.store.tables(); }
    Judge& judge() { return judge_; }
    Model& model() { return model_; }
    std::array<std::unique_ptr<Client>, 4>& clients() { return clients_; }

    std::chrono::steady_clock::time_point steady_now() const { return ground_.real.steady; }
    std::int64_t wall_now(const std::string& connector) const { return life_->server.clock.now(connector).wall_us; }
    void pass(std::chrono::milliseconds time);
    // Faults begin and end, connections are informed, and delayed output leaves when due.
    void let_faults_act();

    // `other` is a connector with passwords; both are created on demand.
    void make_connector(std::string_view connector);
    // A new connection in this place; an existing one is lost.
    Client& connect(std::size_t place, std::string_view connector);

    void submit();                                    // the end of a turn
    void commit(std::size_t groups_of);               // the writer commits some of what waits
    void fail(std::size_t group_of);                  // a commit fails, and with it everything after it
    void settle();                                    // until nothing is uncommitted
    void crash();                                     // and a restart from what was committed
    void when_committed(std::function<void()> then);  // a request of the control API

    // Work beside the loop is done at once; its completion reaches the loop here.
    void run_background();
    const std::filesystem::path& folder() const;
    // The stored rows, as a database on the disk, for a save.
    void write_database();
    // The call must be answered in the end. `expected`: the store's content after a successful load.
    void expect_answer(device::SnapshotTask task);
    void expect_load(std::optional<test::Tables> expected) { expected_load_ = std::move(expected); }
    void doubt_everything();
    // The content saved under each name.
    std::map<std::string, test::Tables>& saved() { return saved_; }

    std::uint64_t open_sequence() const { return submitted_ + 1; }  // of the next submission
    bool is_committed(std::uint64_t sequence) const;
    // False: after something that the model does not predict, until it has read the result.
    bool sure() const { return sure_; }
    void touch(const Owner& owner) { touched_.insert(owner); }
    void doubt(const Owner& owner);  // something happened that the model does not predict
    // Between steps: state equals the model's and the store's.
    void check();
    // The server's view of the device now.
    std::optional<Device> actual(const Owner& owner);

  private:
    // From a start to a crash.
    struct Life {
        explicit Life(World& world);
        test::Life server;
        faults::Registry registry;
        device::FaultCalls faults;
        fault_tap::FaultTaps taps;
        JudgedPort port;
        mqtt::SessionServices sessions;
    };

    void start();
    void note_submission(std::uint64_t sequence);
    void end_group(std::size_t groups_of, bool ok);
    void go_back();  // to what is committed, as far as the model knows
    void begin_again();
    void end_lost_sessions();  // those without a connection
    bool has_connection(const Owner& owner, const Session& session) const;
    void compare_with_model();
    void read_journal(const storage::JournalBlock& block);
    void check_against_store(const Owner& owner);
    void settle_model();
    void check_load(const test::Tables& loaded);
    void check_answers();

    std::uint8_t quirks_;
    test::Ground ground_;
    Model model_;
    Judge judge_;
    std::array<std::unique_ptr<Client>, 4> clients_;
    std::optional<Life> life_;
    std::uint64_t submitted_ = 0, completed_ = 0;
    std::set<std::uint64_t> failed_;
    // The state after a submission's commit; nullopt: the model was not sure.
    std::optional<Model> committed_model_ = Model{};
    std::deque<std::optional<Model>> submitted_models_;
    bool faults_changed_ = false;
    bool sure_ = true;
    bool sessions_lost_ = false;  // by a failure: they end within a second
    Model foreseen_;              // when it became unsure
    std::set<Owner> touched_;     // since then
    bool all_touched_ = false;
    std::int64_t newest_cursor_ = 0;
    std::set<std::string> ended_connections_;
    std::deque<std::function<void()>> ended_work_;
    std::vector<device::SnapshotTask> tasks_;
    std::optional<test::Tables> expected_load_;
    std::map<std::string, test::Tables> saved_;
};

}  // namespace fuzz::session
