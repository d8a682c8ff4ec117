#include "server/device/state.h"

#include "server/core/connector.h"

#include <array>
#include <string>

namespace device {
namespace {

murano::RawJson raw_of(const StateWrite& write) {
    constexpr std::array kinds{murano::JsonKind::string, murano::JsonKind::number, murano::JsonKind::boolean,
                               murano::JsonKind::null,   murano::JsonKind::object, murano::JsonKind::array};
    return {kinds[static_cast<std::size_t>(write.kind)], write.text};
}

Failure check(const Connector& connector, const StateWrite& write) {
    const auto* rules = connector.resources.find(write.alias);
    if (rules == nullptr || !rules->settable()) {
        return ControlError{ErrorKind::not_settable, "Value is not settable", "$." + write.alias};
    }
    const auto checked = murano::check_json(*rules, raw_of(write));
    const auto* finding = std::get_if<murano::Finding>(&checked);
    if (finding == nullptr) return std::nullopt;
    return ControlError{ErrorKind::bad_value, finding->message, "$." + write.alias};
}

StateEntry entry_of(const murano::ResourceRules& rules, const storage::ValueRow& row) {
    return {row.alias, rules.kind(), row.reported, rules.settable() ? row.set : std::nullopt, row.timestamp_us};
}

std::string cloud_topic(std::string_view alias, std::int64_t timestamp_us) {
    std::string topic = "$resource/";  // [R43]
    topic.append(alias).append("/").append(std::to_string(timestamp_us));
    return topic;
}

}  // namespace

ValueSlot& State::slot_of(Device& device, std::string_view alias) {
    const auto found = device.values.find(alias);
    if (found != device.values.end()) return found->second;
    auto& slot = device.values[std::string(alias)];
    slot.row.alias = std::string(alias);
    slot.row.newest_report_us = never_reported_us;
    return slot;
}

std::optional<std::int64_t> State::report(Device& device, const murano::ResourceRules& rules, std::string_view text,
                                          std::int64_t timestamp_us, bool historical) {
    auto& slot = slot_of(device, rules.alias());
    auto& row = slot.row;
    const bool was_unacknowledged = row.unacknowledged;
    row.unacknowledged = false;  // any valid report, however old its timestamp [D6]
    if (historical && timestamp_us < row.newest_report_us) {
        if (was_unacknowledged) context_.commits.value_changed(device, slot);
        return row.newest_report_us;
    }
    row.newest_report_us = timestamp_us;
    row.timestamp_us = timestamp_us;
    row.reported = text;
    if (rules.settable()) row.set = text;  // [R37]
    context_.commits.value_changed(device, slot);
    return std::nullopt;
}

Failure State::set(Device& device, const std::vector<StateWrite>& writes, const runtime::Now& now) {
    auto& connector = *device.connector;
    for (const auto& write : writes) {
        if (auto failure = check(connector, write)) return failure;
    }
    std::vector<journal::NamedValue> named;
    for (const auto& write : writes) {
        const auto& rules = *connector.resources.find(write.alias);
        auto& slot = slot_of(device, write.alias);
        slot.row.set = write.text;
        slot.row.timestamp_us = now.wall_us;
        slot.row.set_timestamp_us = now.wall_us;
        slot.row.unacknowledged = rules.sync();  // [R42]
        context_.commits.value_changed(device, slot);
        named.push_back({write.alias, write.text, rules.kind()});
    }
    if (writes.empty()) return std::nullopt;
    const journal::Report report{now.wall_us, named};
    recorder_.event(Subject{.connector = connector.id, .identity = device.row.identity}, journal::EventType::data_out,
                    now, journal::DataPayload{{&report, 1}});
    for (const auto& write : writes) {
        delivery_.to_device(device, cloud_topic(write.alias, now.wall_us), write.text, now);  // [R41]
    }
    return std::nullopt;
}

void State::send_unacknowledged(Link& link, const runtime::Now& now) {
    auto& device = *link.client.device;
    for (const auto& [alias, rules] : device.connector->resources) {
        const auto found = device.values.find(alias);
        if (found == device.values.end()) continue;
        const auto& row = found->second.row;
        if (!row.unacknowledged || !row.set || !rules.settable() || !rules.sync()) continue;
        delivery_.to_link(link, cloud_topic(alias, row.set_timestamp_us), *row.set, now);
    }
}

std::vector<StateEntry> State::entries(const Device& device) const {
    std::vector<StateEntry> entries;
    for (const auto& [alias, rules] : device.connector->resources) {
        const auto found = device.values.find(alias);
        if (found != device.values.end()) entries.push_back(entry_of(rules, found->second.row));
    }
    return entries;
}

std::vector<StateEntry> State::entries(const Connector& connector, const std::vector<storage::ValueRow>& values) const {
    std::vector<StateEntry> entries;
    for (const auto& row : values) {
        if (const auto* rules = connector.resources.find(row.alias)) entries.push_back(entry_of(*rules, row));
    }
    return entries;
}

}  // namespace device
