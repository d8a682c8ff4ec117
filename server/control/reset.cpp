#include "server/control/reset.h"

#include "server/control/fault_calls.h"
#include "server/control/verdict_calls.h"

#include <array>
#include <utility>

namespace device {
namespace {

using Names = std::span<const std::string_view>;

Device* find(ResetParts& parts, std::string_view connector, std::string_view identity) {
    auto* known = parts.table.find_connector(connector);
    return known == nullptr ? nullptr : parts.table.find(*known, identity);
}

// --- connections: no Will fires [R9] ---

void close_links(ResetParts& parts, Connector& connector) {
    const auto now = parts.context.clock.now(connector.id);
    while (!connector.links.empty()) parts.lifecycle.close(**connector.links.begin(), CloseReason::reset, now);
}

void close_everything(ResetParts& parts) {
    for (const auto& [id, connector] : parts.table.connectors()) close_links(parts, *connector);
}

void close_connector(ResetParts& parts, std::string_view connector) {
    if (auto* known = parts.table.find_connector(connector)) close_links(parts, *known);
}

void close_identity(ResetParts& parts, std::string_view connector, std::string_view identity) {
    auto* device = find(parts, connector, identity);
    if (device != nullptr) parts.lifecycle.close_all(*device, CloseReason::reset, parts.context.clock.now(connector));
}

// --- content: rows go with their connector, files here ---

void remove_files(ResetParts& parts, std::string_view connector) {
    std::vector<std::string> files;
    for (auto& row : parts.context.reader.content(connector)) files.push_back(std::move(row.file));
    parts.files.remove_after_commit(std::move(files));
}

void remove_all_files(ResetParts& parts) {
    for (const auto& [id, connector] : parts.table.connectors()) remove_files(parts, id);
}

void remove_uploads(ResetParts& parts, std::string_view connector, std::string_view identity) {
    std::vector<std::string> files;
    for (auto& row : parts.context.reader.content(connector)) {
        if (row.owner != identity) continue;
        files.push_back(std::move(row.file));
        parts.context.commits.change(storage::DeleteContent{std::string(connector), std::move(row.id)});
    }
    parts.files.remove_after_commit(std::move(files));
}

// --- identities with values and sessions; the settings of connectors ---

void forget_everything(ResetParts& parts) {
    parts.table.forget_everything();
}

void forget_connector(ResetParts& parts, std::string_view connector) {
    parts.table.forget_connector(connector);
}

void forget_identity(ResetParts& parts, std::string_view connector, std::string_view identity) {
    auto* device = find(parts, connector, identity);
    if (device != nullptr) parts.lifecycle.remove(*device, parts.context.clock.now(connector));
}

// --- events: out of sight, those of this very reset too; the journal's caps take them in time ---

void hide(ResetParts& parts, std::string_view connector, std::string_view identity) {
    const auto newest = parts.context.commits.newest_cursor();
    parts.hidden.hide(connector, identity, newest);
    parts.context.commits.change(storage::HideEvents{{std::string(connector), std::string(identity), newest}});
}

void hide_everything(ResetParts& parts) {
    hide(parts, {}, {});
}

void hide_connector(ResetParts& parts, std::string_view connector) {
    hide(parts, connector, {});
}

// --- clock ---

void reset_clock(ResetParts& parts, std::string_view connector) {
    parts.context.clock.reset(connector);
    parts.context.commits.change(storage::PutMeta{std::string(clock_key), parts.context.clock.save()});
}

void reset_all_clocks(ResetParts& parts) {
    reset_clock(parts, {});
}

// --- runs that judge devices ---

void abort_runs(ResetParts& parts, std::string_view connector, std::string_view identity) {
    if (parts.context.verdicts != nullptr) parts.context.verdicts->reset(connector, identity);
}

void abort_runs_of_connector(ResetParts& parts, std::string_view connector) {
    abort_runs(parts, connector, {});
}

void abort_all_runs(ResetParts& parts) {
    abort_runs(parts, {}, {});
}

// --- faults, and those of the settings file again ---

void reset_identity_faults(ResetParts& parts, std::string_view connector, std::string_view identity) {
    if (parts.context.faults != nullptr) parts.context.faults->reset(connector, identity);
}

void reset_connector_faults(ResetParts& parts, std::string_view connector) {
    reset_identity_faults(parts, connector, {});
}

void reset_all_faults(ResetParts& parts) {
    reset_identity_faults(parts, {}, {});
}

// --- the settings file: the last, on the empty ground ---

void seed_everything(ResetParts& parts) {
    parts.seeds.apply_all();
    parts.expiry.run();
}

void seed_connector(ResetParts& parts, std::string_view connector) {
    parts.seeds.apply(connector);
    parts.expiry.run();
}

void seed_identity(ResetParts& parts, std::string_view connector, std::string_view identity) {
    parts.seeds.apply(connector, identity);
}

constexpr std::array<std::string_view, 1> content_tables{"content"};
constexpr std::array<std::string_view, 4> device_tables{"connectors", "identities", "device_values", "sessions"};
constexpr std::array<std::string_view, 2> event_tables{"journal", "hidden_events"};
constexpr std::array<std::string_view, 1> clock_tables{"meta"};
constexpr std::array<std::string_view, 1> staying{"counters"};

constexpr std::array parts_in_order{
    Resettable{"runs", Names{}, abort_all_runs, abort_runs_of_connector, abort_runs},
    Resettable{"faults", Names{}, reset_all_faults, reset_connector_faults, reset_identity_faults},
    Resettable{"connections", Names{}, close_everything, close_connector, close_identity},
    Resettable{"content", content_tables, remove_all_files, remove_files, remove_uploads},
    Resettable{"identities, values, sessions, settings", device_tables, forget_everything, forget_connector,
               forget_identity},
    Resettable{"events", event_tables, hide_everything, hide_connector, hide},
    Resettable{"clock", clock_tables, reset_all_clocks, reset_clock, nullptr},
    Resettable{"what the settings file names", Names{}, seed_everything, seed_connector, seed_identity},
};

}  // namespace

std::span<const Resettable> resettables() {
    return parts_in_order;
}

std::span<const std::string_view> tables_that_stay() {
    return staying;
}

Failure reset(ResetParts& parts, std::string_view connector, std::string_view identity) {
    if (!identity.empty() && find(parts, connector, identity) == nullptr && !parts.seeds.names(connector, identity)) {
        return ControlError{ErrorKind::not_found, "There is no identity \"" + std::string(identity) + "\".", {}};
    }
    for (const auto& part : resettables()) {
        if (connector.empty()) {
            if (part.everything != nullptr) part.everything(parts);
        } else if (identity.empty()) {
            if (part.connector != nullptr) part.connector(parts, connector);
        } else if (part.identity != nullptr) {
            part.identity(parts, connector, identity);
        }
    }
    return std::nullopt;
}

}  // namespace device
