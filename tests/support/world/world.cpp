#include "tests/support/world/world.h"

#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"

#include <utility>

#include <doctest/doctest.h>

namespace test {
namespace {

void add_word(std::string& words, std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
}

}  // namespace

World::World(const std::function<void(Ground&)>& prepare, mqtt::TapSource* taps) : taps_(taps) {
    if (prepare) prepare(ground);
    ground.store.on_journal([this](const storage::JournalBlock& block) { read_journal(block); });
    start();
}

World::~World() {
    for (auto& one : devices_) {
        if (!one.closed()) one.vanish();
    }
}

void World::start() {
    life_.emplace(ground);
    sessions_.emplace(mqtt::SessionServices{
        .devices = life_->devices, .metrics = ground.metrics, .taps = taps_, .packets = ground.packets});
    life_->commits.observe_first([this](bool ok, bool) {
        for (auto& one : devices_) ok ? one.flush() : one.commit_failed();
    });
}

void World::turn() {
    if (std::exchange(in_turn_, true)) return;
    do {
        commits().submit();
        for (auto& one : devices_) one.flush();
        while (!holding_ && ground.store.waiting() > 0) {
            auto [group, result] = ground.store.commit(2, true);
            REQUIRE(result.ok);
            commits().completed(std::move(group), result);
        }
    } while (!holding_ && !commits().idle());
    in_turn_ = false;
}

void World::commit() {
    holding_ = false;
    turn();
}

void World::fail_commit() {
    commits().submit();
    while (ground.store.waiting() > 0) {
        auto [group, result] = ground.store.commit(2, false);
        commits().completed(std::move(group), result);
    }
    commit();
}

void World::restart() {
    for (auto& one : devices_) one.abandon();
    devices_.clear();
    sessions_.reset();
    life_.reset();
    ground.store.lose_waiting();
    start();
}

void World::pass(std::chrono::milliseconds time) {
    ground.pass(time);
    for (auto& one : devices_) one.time_passed();
    devices().tick();
    turn();
}

void World::taps_changed() {
    for (auto& one : devices_) {
        if (!one.closed()) one.session().taps_changed();
    }
    turn();
}

Device& World::open(std::string_view connector) {
    return open(peer_facts(ground, connector));
}

Device& World::open(const device::PeerFacts& facts) {
    return devices_.emplace_back(*this, facts);
}

std::string World::token(std::string_view identity) {
    const auto known = control().identity(default_connector, identity);
    if (known && !known->row.key.empty()) return known->row.key;
    const auto token = "0123456789-0123456789-0123456789-" + std::string(identity);
    device::IdentityChange change;
    change.auth_type = "token";
    change.auth_key = token;
    REQUIRE_FALSE(control().put_identity(default_connector, identity, change));
    turn();
    return token;
}

Device& World::login(std::string_view identity, const ConnectParts& parts) {
    auto wanted = parts;
    if (wanted.client_id == ConnectParts{}.client_id) wanted.client_id = identity;  // [R13]
    wanted.flags |= 0xC0U;
    wanted.rest += str("") + str(token(identity));
    auto& device = open();
    device.identity = identity;
    device.send(connect_packet(wanted));
    return device;
}

Device& World::connect(std::string_view identity) {
    auto& device = login(identity);
    device.expect_connack();
    return device;
}

Device& World::connect_anonymously() {
    auto& device = open();
    device.send(connect_packet());
    device.expect_connack();
    return device;
}

device::Failure World::set(std::string_view identity, std::string_view alias, std::string_view value) {
    const auto failure = control().set_state(default_connector, identity,
                                             {{std::string(alias), device::JsonKind::string, std::string(value)}});
    turn();
    return failure;
}

std::optional<std::string> World::reported(std::string_view identity, std::string_view alias) {
    const auto state = control().state(default_connector, identity);
    if (!state) return std::nullopt;
    for (const auto& entry : *state) {
        if (entry.alias == alias) return entry.reported;
    }
    return std::nullopt;
}

void World::change_settings(const std::function<void(config::ConnectorSettings&)>& change) {
    auto settings = control().connector_settings(default_connector);
    change(settings);
    REQUIRE_FALSE(control().put_connector_settings(default_connector, settings));
    turn();
}

void World::patch(std::string_view identity, const device::IdentityChange& change) {
    REQUIRE_FALSE(control().patch_identity(default_connector, identity, change));
    turn();
}

void World::read_journal(const storage::JournalBlock& block) {
    journal_ += block.bytes;
    journal::EventReader reader(block.bytes);
    while (const auto recorded = reader.next()) {
        if (const auto* finding = std::get_if<journal::FindingPayload>(&recorded->event.payload)) {
            add_word(findings_, finding->code);
        } else {
            add_word(events_, journal::type_name(recorded->event.type));
        }
    }
}

std::string World::findings() {
    turn();
    return std::exchange(findings_, {});
}

std::string World::events() {
    turn();
    return std::exchange(events_, {});
}

bool World::journal_holds(std::string_view text) {
    turn();
    return journal_.find(text) != std::string::npos;
}

}  // namespace test
