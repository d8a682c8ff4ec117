// The store's side of the world: submissions, commits that end well or not, a crash; and the comparing of what is left.

#include "server/journal/event_codec.h"
#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <utility>

namespace fuzz::session {

void World::note_submission(std::uint64_t sequence) {
    require(sequence == submitted_ + 1);
    submitted_ = sequence;
    submitted_models_.push_back(model_);
}

void World::submit() {
    commits().submit();
    for (auto& client : clients_) {
        if (client) client->flush();
    }
}

void World::commit(std::size_t groups_of) {
    end_group(groups_of, true);
}

// The disk takes nothing until all is quiet: exactly what was committed before is left, and nobody is connected.
void World::fail() {
    commits().submit();
    if (store_.waiting() == 0) return;
    while (!commits().idle()) {
        end_group(2, false);
        for (const auto& client : clients_) require(!client || !client->connected());
        commits().submit();
    }
    all_touched_ = true;
    if (sure_) model_ = committed_model_;
}

void World::end_group(std::size_t groups_of, bool ok) {
    if (store_.waiting() == 0) return;
    auto [group, result] = store_.commit(groups_of, ok);
    require(result.ok == ok);  // the server asks for nothing that the schema forbids
    for (const auto& submission : group) {
        completed_ = submission.sequence;
        if (!ok) failed_.insert(submission.sequence);
        if (ok) committed_model_ = std::move(submitted_models_.front());
        submitted_models_.pop_front();
    }
    judge_.begin();
    commits().completed(std::move(group), result);
    judge_.note_endings();
}

void World::doubt(const Owner& owner) {
    if (std::exchange(sure_, false)) {
        foreseen_ = model_;
        touched_.clear();
        all_touched_ = false;
    }
    touch(owner);
}

void World::settle() {
    while (!commits().idle()) {
        submit();
        commit(2);
    }
}

bool World::is_committed(std::uint64_t sequence) const {
    return sequence <= completed_ && !failed_.contains(sequence);
}

void World::crash() {
    for (auto& client : clients_) {
        if (client) client->abandon();
    }
    life_.reset();
    for (auto& client : clients_) client.reset();
    store_.lose_waiting();
    submitted_models_.clear();
    if (sure_) model_ = committed_model_;
    all_touched_ = true;
    start();
    check();
}

void World::read_journal(const storage::JournalBlock& block) {
    journal::EventReader reader(block.bytes);
    std::uint32_t events = 0;
    while (const auto recorded = reader.next()) {
        require(recorded->cursor > newest_cursor_);
        newest_cursor_ = recorded->cursor;
        const auto& event = recorded->event;
        const std::string connection(event.connection_id);
        require(connection.empty() || !ended_connections_.contains(connection));
        if (event.type == journal::EventType::disconnect) ended_connections_.insert(connection);
        ++events;
    }
    require(!reader.damaged() && events == block.events);
    require(events == 0 || (block.last_cursor == newest_cursor_ && block.first_cursor <= block.last_cursor));
}

std::optional<Device> World::actual(const Owner& owner) {
    const auto view = control().identity(owner.first, owner.second);
    if (!view) return std::nullopt;
    Device device{view->row.key, view->row.auth_type == "token", view->row.locked, {}, {}};
    for (const auto& entry : view->state) device.values[entry.alias] = {entry.reported, entry.set, false};
    for (const auto& [key, row] : tables().values) {
        if (key.first == view->row.device_id) device.values[key.second].unacknowledged = row.unacknowledged;
    }
    for (const auto& [key, row] : tables().sessions) {
        if (key.first != view->row.device_id) continue;
        device.sessions.push_back({row.client_id, row.filters, row.connected, row.last_disconnect_us});
    }
    return device;
}

// What is in memory is what is kept.
void World::check_against_store(const Owner& owner) {
    const auto* row = tables().find(owner.first, owner.second);
    const auto view = control().identity(owner.first, owner.second);
    require((row != nullptr) == view.has_value());
    if (row == nullptr) return;
    require(*row == view->row);
    for (const auto& entry : view->state) {
        const auto kept = tables().values.find({row->device_id, entry.alias});
        require(kept != tables().values.end() && kept->second.reported == entry.reported);
        require(!find_resource(entry.alias)->settable || kept->second.set == entry.set);
    }
    const auto sessions = std::count_if(tables().sessions.begin(), tables().sessions.end(),
                                        [row](const auto& entry) { return entry.first.first == row->device_id; });
    require(sessions <= 1);  // [R20]
}

void World::check() {
    judge_.note_endings();
    if (!commits().idle()) return;
    for (const auto connector : connectors) {
        for (const auto identity : identities) check_against_store({std::string(connector), std::string(identity)});
    }
    if (!sure_) settle_model();
    for (const auto connector : connectors) {
        for (const auto identity : identities) {
            const Owner owner{connector, identity};
            const auto now = actual(owner);
            const auto* expected = model_.find(owner);
            require(now.has_value() == (expected != nullptr));
            require(!now || *now == *expected);
        }
    }
    committed_model_ = model_;
}

void World::settle_model() {
    sure_ = true;
    model_ = {};
    for (const auto& [id, row] : tables().identities) {
        const Owner owner{row.connector, row.identity};
        model_.devices[owner] = *actual(owner);
    }
    for (const auto connector : connectors) {
        for (const auto identity : identities) {
            const Owner owner{connector, identity};
            const auto* now = model_.find(owner);
            const auto* before = foreseen_.find(owner);
            const bool same =
                (before != nullptr) == (now != nullptr) && (now == nullptr || before->values == now->values);
            require(same || all_touched_ || touched_.contains(owner));
        }
    }
    committed_model_ = model_;
}

}  // namespace fuzz::session
