#pragma once
// A whole server without sockets and disk, its clients, and the shadow model beside it. Built anew for each input. The
// store commits, fails or is lost when the input says so.

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
    // Faults begin and end, connections learn of it, and what they held back leaves where it is time.
    void let_faults_act();

    // `other` is a connector of passwords; both come into being when they are needed.
    void make_connector(std::string_view connector);
    // A new connection in this place; one that was there is lost.
    Client& connect(std::size_t place, std::string_view connector);

    void submit();                                    // the end of a turn
    void commit(std::size_t groups_of);               // the writer has done some of what waits
    void fail(std::size_t group_of);                  // it could not: with that group fails all that is behind it
    void settle();                                    // until nothing is uncommitted
    void crash();                                     // and a start on what was committed
    void when_committed(std::function<void()> then);  // a request of the control API

    // What was asked to happen beside the loop is done at once; its end comes to the loop here.
    void run_background();
    const std::filesystem::path& folder() const;
    // The rows that are kept, as a database on the disk: what a save copies.
    void write_database();
    // The call must be answered in the end. `expected`: what the store holds when it was a load that succeeded.
    void expect_answer(device::SnapshotTask task);
    void expect_load(std::optional<test::Tables> expected) { expected_load_ = std::move(expected); }
    void doubt_everything();
    // What was saved under each name.
    std::map<std::string, test::Tables>& saved() { return saved_; }

    std::uint64_t open_sequence() const { return submitted_ + 1; }  // that the next submission has
    bool is_committed(std::uint64_t sequence) const;
    // False: after something that the model does not foresee, until it has learnt what came of it.
    bool sure() const { return sure_; }
    void touch(const Owner& owner) { touched_.insert(owner); }
    void doubt(const Owner& owner);  // something happened to it that the model does not foresee
    // Between steps: state equals the model's and the store's.
    void check();
    // What the server says of the device now.
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
    void go_back();  // to what is committed, as far as the model knows it
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
    // What is there when a submission is committed; nothing: the model was not sure.
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
