#include "server/control/identity_import.h"

#include "server/core/connector.h"
#include "server/core/destroy_aside.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace device {
namespace {

constexpr std::chrono::milliseconds slice_time{1};

}  // namespace

IdentityImport::IdentityImport(Context& context, DeviceTable& table, Lifecycle& lifecycle, std::string_view connector,
                               std::vector<NamedChange>&& list, Unknown unknown)
    : context_(context),
      table_(table),
      changes_(context, table, lifecycle),
      connector_(connector),
      list_(std::move(list)),
      unknown_(unknown),
      watch_(table.watches(), connector_) {}

std::optional<Failure> IdentityImport::go_on() {
    auto* connector = table_.find_or_make_connector(connector_);
    if (connector == nullptr) return ControlError{ErrorKind::not_found, "There is no such connector.", {}};
    if (watch_.all_changed()) begin_anew();
    const auto end = context_.clock.steady_now() + slice_time;
    {
        const storage::Reader::View view(context_.reader);
        while (next_ < list_.size()) {
            if (auto failure = make_ready(*connector, next_)) return failure;
            ++next_;
            if (context_.clock.steady_now() >= end) return std::nullopt;
        }
    }
    return put_in_force(*connector);
}

void IdentityImport::begin_anew() {
    next_ = 0;
    tokens_.clear();
    new_ones_.clear();
    by_hand_.clear();
    handled_.clear();
    rows_.clear();
    made_ = 0;
    submission_.clear();
    values_.clear();
    watch_.begin_anew();
}

ControlError IdentityImport::at(std::size_t index, ControlError error) const {
    const auto within = error.path.empty() ? std::string() : error.path.substr(1);
    error.path = "$[" + std::to_string(index) + "]" + within;
    return error;
}

Failure IdentityImport::check(Connector& connector, std::size_t index, bool known) {
    const auto& [identity, change] = list_[index];
    if (auto failure = changes_.check(connector, identity, change)) return at(index, std::move(*failure));
    if (!known) {
        new_ones_.insert(identity);
        if (unknown_ == Unknown::refuse) return at(index, unknown_identity(identity));
        if (new_ones_.size() > table_.room_for_identities(connector)) {
            return at(index, too_many_identities("$.identity"));
        }
    }
    // Two of one list would not find each other in the table.
    if (IdentityChanges::names_token(connector, change) && !tokens_.emplace(*change.auth_key, index).second) {
        return at(index, {ErrorKind::conflict, "Two identities of the list have the same token.", "$.auth.key"});
    }
    return std::nullopt;
}

Failure IdentityImport::make_ready(Connector& connector, std::size_t index) {
    const auto& named = list_[index];
    const bool by_hand = !IdentityChanges::is_plain(named.change) || handled_.contains(named.identity) ||
                         table_.in_memory(connector, named.identity);
    if (by_hand) {
        const bool known = rows_.contains(named.identity) || table_.find(connector, named.identity) != nullptr;
        if (auto failure = check(connector, index, known)) return failure;
        by_hand_.push_back(index);
        handled_.insert(named.identity);
        return std::nullopt;
    }
    auto stored = table_.stored_row(connector, named.identity);
    if (auto failure = check(connector, index, stored || rows_.contains(named.identity))) return failure;
    add_row(connector, named, std::move(stored));
    return std::nullopt;
}

void IdentityImport::add_row(Connector& connector, const NamedChange& named,
                             std::optional<storage::IdentityRow>&& stored) {
    const auto [place, is_first] = rows_.try_emplace(named.identity);
    auto& arrival = place->second;
    if (is_first && stored) arrival.row = std::move(*stored);
    if (is_first && arrival.row.device_id == 0) {
        ++made_;
        arrival.made_us = context_.clock.now(connector.id).wall_us;
        arrival.row.device_id = table_.new_device_id();
        arrival.row.connector = connector.id;
        arrival.row.identity = named.identity;
        table_.initial_values(connector, arrival.row.device_id, arrival.made_us, values_);
    }
    IdentityChanges::apply_plain(connector, arrival.row, named.change);
    submission_.emplace_back(storage::PutIdentity{arrival.row});
}

Failure IdentityImport::put_in_force(Connector& connector) {
    if (!watch_.touched().empty()) {
        if (auto failure = check_again(connector)) return failure;
    }
    table_.arrive(connector, std::move(rows_), std::move(submission_), std::move(values_), made_);
    const auto now_us = context_.clock.now(connector.id).wall_us;
    for (const auto index : by_hand_) {
        const auto& [identity, change] = list_[index];
        auto* device = table_.find(connector, identity);
        if (device == nullptr) device = &table_.make_device(connector, identity, now_us);
        changes_.apply(*device, change);
    }
    let_go();
    return std::nullopt;
}

void IdentityImport::let_go() {
    destroy_aside(context_.background, std::move(list_), std::move(tokens_), std::move(new_ones_));
}

// A device may have connected, provisioned or gone while the list was made ready: few of them, whatever its length.
Failure IdentityImport::check_again(Connector& connector) {
    Names taken;
    for (const auto& identity : watch_.touched()) {
        if (const auto row = rows_.find(identity); row != rows_.end()) taken.insert(row->first);
        const auto* device = tokens_.empty() ? nullptr : table_.find(connector, identity);
        if (device == nullptr || device->row.auth_type != "token") continue;
        const auto same = tokens_.find(device->row.key);
        if (same == tokens_.end() || list_[same->second].identity == identity) continue;
        return at(same->second,
                  {ErrorKind::conflict, "Another identity of this connector has this token.", "$.auth.key"});
    }
    if (!taken.empty()) take_out(taken);
    new_ones_.clear();
    for (const auto& [identity, arrival] : rows_) {
        if (arrival.made_us != 0) new_ones_.insert(identity);
    }
    tokens_.clear();
    for (const auto index : by_hand_) {
        const auto& identity = list_[index].identity;
        const bool known = rows_.contains(identity) || table_.find(connector, identity) != nullptr;
        if (auto failure = check(connector, index, known)) return failure;
    }
    if (new_ones_.size() <= table_.room_for_identities(connector)) return std::nullopt;
    return at(list_.size() - 1, too_many_identities("$.identity"));
}

// Those are done by hand instead, in the order of the list.
void IdentityImport::take_out(const Names& names) {
    std::unordered_set<std::int64_t> ids;
    for (const auto identity : names) {
        const auto& arrival = rows_.find(identity)->second;
        ids.insert(arrival.row.device_id);
        if (arrival.made_us != 0) --made_;
    }
    std::erase_if(submission_, [&](const storage::Change& change) {
        return ids.contains(std::get<storage::PutIdentity>(change).row.device_id);
    });
    std::erase_if(values_, [&](const storage::ValueWrite& value) { return ids.contains(value.device_id); });
    for (std::size_t index = 0; index < list_.size(); ++index) {
        const auto& identity = list_[index].identity;
        if (!names.contains(identity) || handled_.contains(identity)) continue;
        by_hand_.push_back(index);
    }
    for (const auto index : by_hand_) handled_.insert(list_[index].identity);
    std::sort(by_hand_.begin(), by_hand_.end());
    std::erase_if(rows_, [&](const auto& row) { return ids.contains(row.second.row.device_id); });
}

}  // namespace device
