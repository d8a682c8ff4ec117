#include "tests/fuzz/targets/net_session/world.h"

#include "server/journal/event_codec.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace fuzz::session {
namespace {

config::ConnectorSettings defaults(std::uint8_t quirks) {
    config::ConnectorSettings settings;
    settings.resources.clear();
    for (const auto& resource : resources) {
        auto& definition = settings.resources[std::string(resource.alias)];
        definition.format = resource.kind == Resource::Kind::text     ? config::ResourceFormat::string
                            : resource.kind == Resource::Kind::number ? config::ResourceFormat::number
                                                                      : config::ResourceFormat::boolean;
        definition.settable = resource.settable;
        definition.sync = resource.sync;
        if (!resource.initial.empty()) definition.initial = config::Scalar{std::string(resource.initial), false};
    }
    if ((quirks & 1U) != 0) settings.quirks.invalid_value = config::Quirks::InvalidValue::disconnect;
    if ((quirks & 2U) != 0) settings.quirks.unentitled_publish = config::Quirks::UnentitledPublish::disconnect;
    if ((quirks & 4U) != 0) settings.quirks.provision_refusal = config::Quirks::ProvisionRefusal::disconnect;
    if ((quirks & 8U) != 0) settings.quirks.password_reply = config::Quirks::PasswordReply::empty;
    if ((quirks & 16U) != 0) settings.quirks.will = config::Quirks::Will::ignore;
    settings.journal_packets = (quirks & 32U) != 0;
    return settings;
}

}  // namespace

World::Life::Life(World& world)
    : server(world.ground_),
      registry({.most = 10, .seed = 1}),
      faults({.registry = registry,
              .context = server.devices.context(),
              .make = [](const faults::Fault&) { return nullptr; },
              .judge = [](const faults::Fault&) { return std::string(); },
              .wake = [] {}}),
      taps({.registry = registry,
            .claimed = [this](
                           const device::Link& link,
                           const protocol::Connect& connect) { return server.devices.claimed_identity(link, connect); },
            .now = [&world] { return world.steady_now(); },
            .connected = [](const device::Link&) {}}),
      port(world, server.devices),
      sessions{.devices = port, .metrics = world.ground_.metrics, .packets = world.ground_.packets} {
    server.devices.context().faults = &faults;
    registry.on_change([&world] { world.faults_changed_ = true; });
}

World::World(std::uint8_t quirks)
    : quirks_(quirks),
      ground_((quirks & 64U) != 0 ? runtime::LogLevel::info : runtime::LogLevel::error),
      judge_(*this) {
    ground_.options = {.default_connector = "local",
                       .auto_create_connectors = true,
                       .connector_defaults = defaults(quirks_),
                       .max_outbox_bytes = most_outbox_bytes,
                       .max_subscriptions = 3,
                       .max_filter_bytes = 100,
                       .max_filter_levels = 10,
                       .reports = {1000, 100'000},
                       .max_identities = most_identities,
                       .log_packets = (quirks_ & 64U) != 0};
    ground_.packets = {.max_packet_bytes = 5000, .anonymous_max_packet_bytes = 500};
    ground_.folders = {folder() / "content", folder() / "snapshots"};
    ground_.database.file = folder() / "store.db";
    ground_.database.durability = storage::Durability::off;
    ground_.background = [this](const std::function<void()>& work, std::function<void()> then) {
        work();
        ended_work_.push_back(std::move(then));
    };
    for (const auto* name : {"one", "two", "spoilt"}) {
        std::filesystem::remove(folder() / "snapshots" / (std::string(name) + ".snapshot"));
    }
    ground_.store.on_submit([this](std::uint64_t sequence) { note_submission(sequence); });
    ground_.store.on_load([this](const test::Tables& loaded) { check_load(loaded); });
    ground_.store.on_journal([this](const storage::JournalBlock& block) { read_journal(block); });
    start();
}

World::~World() {
    for (auto& client : clients_) {
        if (client) client->abandon();
    }
}

void World::start() {
    submitted_ = completed_ = 0;
    failed_.clear();
    life_.emplace(*this);
    if (const auto saved = life_->server.reader->meta(device::clock_key)) require(life_->server.clock.restore(*saved));
    life_->server.commits.observe_first([this](bool ok, bool) {
        for (auto& client : clients_) {
            if (client) ok ? client->flush() : client->commit_failed();
        }
    });
    life_->server.commits.observe([this](bool ok, bool) {
        if (!ok) begin_again();
    });
    for (auto& [connector, identity, session] :
         life_->server.reader->all_sessions(std::numeric_limits<std::uint32_t>::max())) {
        if (!session.connected) continue;
        session.connected = false;
        session.last_disconnect_us = wall_now(connector);
        life_->server.commits.change(storage::PutSession{std::move(session)});
    }
    end_lost_sessions();
    settle();
}

void World::end_lost_sessions() {
    sessions_lost_ = false;
    for (auto& [owner, device] : model_.devices) {
        for (auto& session : device.sessions) {
            if (has_connection(owner, session) || !std::exchange(session.connected, false)) continue;
            session.left_us = wall_now(owner.first);
        }
    }
}

bool World::has_connection(const Owner& owner, const Session& session) const {
    return std::any_of(clients_.begin(), clients_.end(), [&](const auto& client) {
        return client && client->connected() && client->owner == owner && client->keeps_session &&
               client->link().client_id == session.client_id;
    });
}

void World::make_connector(std::string_view connector) {
    if (connector != "other" || control().connector_exists(connector)) return;
    auto settings = defaults(quirks_);
    settings.provisioning.auth_type = config::AuthType::password;
    require(!control().put_connector_settings(connector, settings));
}

void World::pass(std::chrono::milliseconds time) {
    ground_.pass(time);
    for (auto& client : clients_) {
        judge_.begin();
        if (client) client->check_keep_alive();
    }
    if (sessions_lost_ && commits().idle()) end_lost_sessions();
    devices().tick();
    faults_changed_ = true;  // some may begin or end
}

void World::let_faults_act() {
    while (std::exchange(faults_changed_, false)) {
        life_->registry.advance(steady_now());
        for (auto& client : clients_) {
            judge_.begin();
            if (client && !client->closed()) client->faults_changed();
        }
    }
    for (auto& client : clients_) {
        judge_.begin();
        if (client) client->wake();
    }
    judge_.note_endings();
}

Client& World::connect(std::size_t place, std::string_view connector) {
    auto& client = clients_.at(place);
    judge_.begin();
    if (client) client->lose();
    judge_.note_endings();
    make_connector(connector);
    client = std::make_unique<Client>(*this, test::peer_facts(ground_, connector));
    return *client;
}

void World::when_committed(std::function<void()> then) {
    // After a failure it goes on with what is kept.
    commits().when_committed([this, then = std::move(then)](bool) {
        judge_.begin();
        then();
        judge_.note_endings();
    });
}

}  // namespace fuzz::session
