#pragma once
// Scripted tests of whole devices: connect, expect, set, expect; each takes milliseconds.
//
//     World world;
//     auto& a = world.connect("a");           // makes the identity, logs in, expects the CONNACK
//     a.publish("$resource/data_in", "5", 7);
//     a.expect_puback(7);
//
// Submissions are committed at once, unless hold_commits() is called.

#include "tests/support/world/device.h"
#include "tests/support/world/life.h"

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace test {

inline constexpr std::string_view default_connector = "local";

class World {
  public:
    explicit World(const std::function<void(Ground&)>& prepare = {}, mqtt::TapSource* taps = nullptr);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // --- devices ---
    Device& open(std::string_view connector = default_connector);  // a connection that has sent nothing
    Device& open(const device::PeerFacts& facts);
    // A login with the identity's token, and its name as ClientID unless `parts` has another. The test must expect the
    // CONNACK.
    Device& login(std::string_view identity, const ConnectParts& parts = {});
    Device& connect(std::string_view identity);  // and expects its acceptance
    Device& connect_anonymously();
    std::string token(std::string_view identity);  // created if there is none

    // --- the cloud ---
    device::ControlService& control() { return life_->devices.control(); }
    device::Failure set(std::string_view identity, std::string_view alias, std::string_view value);
    std::optional<std::string> reported(std::string_view identity, std::string_view alias);
    void change_settings(const std::function<void(config::ConnectorSettings&)>& change);
    void patch(std::string_view identity, const device::IdentityChange& change);

    // --- time, commits, the end ---
    void pass(std::chrono::milliseconds time);
    void hold_commits() { holding_ = true; }
    void commit();  // and later ones at once again
    void fail_commit();
    void restart();  // a crash, then a restart from what was committed
    void turn();     // the end of a turn of the loop
    void taps_changed();

    // --- what was recorded ---
    std::string findings();                     // codes of the findings since the last call: "R26.qos_2 R33.higher_qos"
    std::string events();                       // types of the other events since the last call: "connect data_in"
    bool journal_holds(std::string_view text);  // in any stored event

    device::CommitQueue& commits() { return life_->commits; }
    device::DeviceService& devices() { return life_->devices; }
    mqtt::SessionServices& sessions() { return *sessions_; }

    Ground ground;

  private:
    void start();
    void read_journal(const storage::JournalBlock& block);

    mqtt::TapSource* taps_;
    std::optional<Life> life_;
    std::optional<mqtt::SessionServices> sessions_;
    std::list<Device> devices_;
    bool holding_ = false;
    bool in_turn_ = false;
    std::string findings_, events_;
    std::string journal_;  // as stored
};

}  // namespace test
