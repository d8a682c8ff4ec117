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
    submitted_models_.push_back(sure_ ? std::optional(model_) : std::nullopt);
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

void World::fail(std::size_t group_of) {
    end_group(group_of, false);
}

void World::end_group(std::size_t groups_of, bool ok) {
    if (ground_.store.waiting() == 0) return;
    const bool refused = ground_.store.has_failed();
    auto [group, result] = ground_.store.commit(groups_of, ok);
    require(result.ok == (ok && !refused));  // the server asks for nothing that the schema forbids
    for (const auto& submission : group) {
        completed_ = submission.sequence;
        if (!result.ok) failed_.insert(submission.sequence);
        if (result.ok) committed_model_ = std::move(submitted_models_.front());
        submitted_models_.pop_front();
    }
    const bool more_will_fail = !result.ok && ground_.store.waiting() > 0;
    judge_.note_endings();
    judge_.begin();
    commits().completed(std::move(group), result);
    judge_.note_endings();
    require(ground_.store.has_failed() == more_will_fail);
}

void World::go_back() {
    sure_ = committed_model_.has_value();
    if (sure_) model_ = *committed_model_;
    all_touched_ = true;
}

// After the server has: nobody is connected, what was gathered is gone, and exactly what was committed is there.
void World::begin_again() {
    for (const auto& client : clients_) require(!client || !client->connected());
    require(submitted_models_.empty() && commits().committed() <= submitted_ + 1);
    if (commits().committed() > submitted_) failed_.insert(++submitted_);
    completed_ = submitted_;
    go_back();
    sessions_lost_ = true;
    const auto clock = tables().meta.find(device::clock_key);
    require(clock == tables().meta.end() || clock->second == life_->server.clock.save());
    compare_with_model();
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
    run_background();
    while (!commits().idle() || commits().paused()) {
        submit();
        commit(2);
        run_background();
    }
    check_answers();
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
    ended_work_.clear();
    tasks_.clear();
    expected_load_.reset();
    ground_.store.lose_waiting();
    submitted_models_.clear();
    go_back();
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
        // A fault may hold the last packets back, or the end itself: they are told as they leave.
        const bool on_its_way = event.type == journal::EventType::packet || event.type == journal::EventType::fault;
        require(connection.empty() || on_its_way || !ended_connections_.contains(connection));
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
    if (!sure_) settle_model();
    compare_with_model();
    committed_model_ = model_;
}

// Nothing may be uncommitted.
void World::compare_with_model() {
    for (const auto connector : connectors) {
        for (const auto identity : identities) {
            const Owner owner{connector, identity};
            check_against_store(owner);
            if (!sure_) continue;
            const auto now = actual(owner);
            const auto* expected = model_.find(owner);
            require(now.has_value() == (expected != nullptr));
            require(!now || *now == *expected);
        }
    }
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
