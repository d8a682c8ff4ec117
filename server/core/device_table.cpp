#include "server/core/device_table.h"

#include "config/connector_settings_json.h"
#include "server/core/destroy_aside.h"

#include <algorithm>
#include <utility>

namespace device {
namespace {

constexpr std::size_t most_packet_ids = 4096;

}  // namespace

DeviceTable::DeviceTable(Context& context)
    : context_(context), identity_counts_(context), last_device_id_(context.reader.max_device_id()) {
    load_connectors();
}

void DeviceTable::load_connectors() {
    for (auto& row : context_.reader.connectors()) {
        std::string error;
        const auto settings = kept_settings(row, context_.options.connector_defaults, error);
        if (!settings) {
            throw storage::OpenError(storage::OpenError::Kind::corrupt,
                                     "The database is damaged: the settings of connector \"" + row.connector +
                                         "\" do not parse (" + error +
                                         "). Start with --recover to set it aside and keep what can be read.");
        }
        auto connector = std::make_unique<Connector>();
        connector->id = row.connector;
        if (!error.empty()) {
            context_.log.error("the TLS policy of a connector cannot be used; the default one is in force",
                               {{"connector", row.connector}, {"error", error}});
        }
        connector->apply(*settings);
        connectors_.emplace(row.connector, std::move(connector));
    }
}

Connector* DeviceTable::find_connector(std::string_view id) {
    const auto found = connectors_.find(id);
    return found == connectors_.end() ? nullptr : found->second.get();
}

bool DeviceTable::may_exist(std::string_view id) {
    return context_.options.auto_create_connectors || id == context_.options.default_connector ||
           find_connector(id) != nullptr;
}

Connector* DeviceTable::find_or_make_connector(std::string_view id) {
    if (auto* known = find_connector(id)) return known;
    if (!may_exist(id)) return nullptr;
    return &make_connector(id, context_.options.connector_defaults);
}

Connector& DeviceTable::make_connector(std::string_view id, const config::ConnectorSettings& settings) {
    auto& slot = connectors_[std::string(id)];
    if (!slot) {
        slot = std::make_unique<Connector>();
        slot->id = std::string(id);
    }
    slot->apply(settings);
    keep_settings(*slot);
    return *slot;
}

const config::ConnectorSettings& DeviceTable::settings_or_defaults(std::string_view id) const {
    const auto connector = connectors_.find(id);
    return connector != connectors_.end() ? connector->second->settings : context_.options.connector_defaults;
}

void DeviceTable::keep_settings(Connector& connector) {
    watches_.all_changed(connector.id);
    context_.commits.change(storage::PutConnector{
        {connector.id, config::to_json_text(config::to_json(connector.settings, config::ConnectorShape::full))}});
}

void DeviceTable::forget_connector(std::string_view id) {
    auto* connector = find_connector(id);
    if (connector == nullptr) return;
    for (auto& [identity, device] : connector->devices) {
        looked_at_.erase(device.get());
        idle_.take(*device);
        context_.commits.drop_values(*device);
    }
    arrivals_.forget(connector->id);
    watches_.all_changed(connector->id);
    identity_counts_.none_of(connector->id);
    context_.commits.change(storage::DeleteConnector{connector->id});
    forgotten_until_[connector->id] = context_.commits.gate();
    connectors_.erase(connectors_.find(id));
}

void DeviceTable::forget_everything() {
    looked_at_.clear();
    idle_.clear();
    revoked_tokens_ = {};
    context_.commits.drop_all_values();
    arrivals_.clear();
    watches_.all_changed({});
    identity_counts_.none_at_all();
    context_.commits.change(storage::DeleteEverything{});
    all_forgotten_until_ = context_.commits.gate();
    connectors_.clear();
    forget_packet_ids();
}

bool DeviceTable::store_tells(std::string_view connector) const {
    const auto committed = context_.commits.committed();
    if (all_forgotten_until_ > committed) return false;
    const auto found = forgotten_until_.find(connector);
    return found == forgotten_until_.end() || found->second <= committed;
}

Device* DeviceTable::find(Connector& connector, std::string_view identity) {
    const auto found = connector.devices.find(identity);
    if (found != connector.devices.end()) {
        look_at(*found->second);
        return found->second->exists ? found->second.get() : nullptr;
    }
    if (!store_tells(connector.id)) return nullptr;
    if (const auto arrival = arrivals_.find(connector.id, identity)) return &load_arrival(connector, *arrival);
    const storage::Reader::View view(context_.reader);
    auto row = context_.reader.identity(connector.id, identity);
    return row ? &load(connector, std::move(*row)) : nullptr;
}

bool DeviceTable::in_memory(const Connector& connector, std::string_view identity) const {
    return connector.devices.find(identity) != connector.devices.end();
}

std::optional<storage::IdentityRow> DeviceTable::stored_row(const Connector& connector, std::string_view identity) {
    if (!store_tells(connector.id)) return std::nullopt;
    if (const auto found = arrivals_.find(connector.id, identity)) return found->arrival.row;
    return context_.reader.identity(connector.id, identity);
}

void DeviceTable::arrive(Connector& connector, ArrivalMap&& identities, std::vector<storage::Change>&& changes,
                         std::vector<storage::ValueWrite>&& values, std::uint64_t made) {
    identity_counts_.added(connector.id, made);
    context_.commits.change_many(std::move(changes), std::move(values));
    arrivals_.add(connector.id, std::move(identities), context_.commits.gate());
}

// Its first values are on their way to the store too: they are given once more, which changes nothing there.
Device& DeviceTable::load_arrival(Connector& connector, const Arrivals::Found& found) {
    auto row = found.arrival.row;
    auto& device = load(connector, std::move(row));
    device.busy_until = found.gate;
    if (found.arrival.made_us != 0) give_initial_values(device, found.arrival.made_us);
    return device;
}

Device* DeviceTable::find_by_token(Connector& connector, std::string_view token) {
    if (!store_tells(connector.id)) return nullptr;
    const storage::Reader::View view(context_.reader);
    const auto row = context_.reader.identity_by_token(connector.id, token);
    // What is in memory may be newer than the row: the caller compares with the device's own key.
    return row ? find(connector, row->identity) : nullptr;
}

Device* DeviceTable::find_by_token_beginning(Connector& connector, std::string_view beginning) {
    if (!store_tells(connector.id)) return nullptr;
    const storage::Reader::View view(context_.reader);
    const auto row = context_.reader.identity_by_token_beginning(connector.id, beginning);
    return row ? find(connector, row->identity) : nullptr;
}

Device& DeviceTable::load(Connector& connector, storage::IdentityRow&& row) {
    auto device = std::make_unique<Device>();
    device->connector = &connector;
    device->row = std::move(row);
    for (auto& value : context_.reader.values(device->row.device_id)) {
        auto alias = value.alias;
        device->values.emplace(std::move(alias), ValueSlot{std::move(value), false});
    }
    device->sessions = context_.reader.sessions(device->row.device_id);
    if (const auto ids = packet_ids_.find(device->row.device_id); ids != packet_ids_.end()) {
        device->earlier_packet_ids = ids->second;
    }
    auto& slot = connector.devices[device->row.identity];
    slot = std::move(device);
    looked_at_.insert(slot.get());
    return *slot;
}

Device& DeviceTable::make_device(Connector& connector, std::string_view identity, std::int64_t now_us) {
    identity_counts_.added(connector.id);
    auto& slot = connector.devices[std::string(identity)];
    if (!slot) slot = std::make_unique<Device>();
    auto& device = *slot;
    look_at(device);
    device.connector = &connector;
    device.exists = true;
    device.values.clear();
    device.sessions.clear();
    device.earlier_packet_ids.emplace();
    device.row = {};
    device.row.device_id = ++last_device_id_;
    device.row.connector = connector.id;
    device.row.identity = std::string(identity);
    keep_identity(device);
    give_initial_values(device, now_us);
    return device;
}

void DeviceTable::give_initial_values(Device& device, std::int64_t now_us) {
    std::vector<storage::ValueWrite> values;
    initial_values(*device.connector, device.row.device_id, now_us, values);
    for (auto& [device_id, row] : values) {
        auto& slot = device.values[row.alias];
        slot.row = std::move(row);
        context_.commits.value_changed(device, slot);
    }
}

void DeviceTable::initial_values(const Connector& connector, std::int64_t device_id, std::int64_t now_us,
                                 std::vector<storage::ValueWrite>& values) const {
    for (const auto& [alias, rules] : connector.resources) {
        if (!rules.initial()) continue;
        values.push_back({device_id,
                          {.alias = std::string(alias),
                           .reported = {},
                           .set = rules.initial()->text,
                           .timestamp_us = now_us,
                           .newest_report_us = never_reported_us,
                           .set_timestamp_us = now_us,
                           .unacknowledged = rules.sync()}});
    }
}

void DeviceTable::keep_identity(Device& device) {
    watches_.touched(device.connector->id, device.row.identity);
    context_.commits.change(storage::PutIdentity{device.row});
    device.busy_until = context_.commits.gate();
}

void DeviceTable::remove_device(Device& device) {
    watches_.touched(device.connector->id, device.row.identity);
    identity_counts_.removed(device.connector->id);
    context_.commits.drop_values(device);
    context_.commits.change(storage::DeleteIdentity{device.row.device_id});
    device.exists = false;
    device.values.clear();
    device.sessions.clear();
    device.busy_until = context_.commits.gate();
    look_at(device);
}

void DeviceTable::remove_stored(const Connector& connector, std::string_view identity, std::int64_t device_id) {
    watches_.touched(connector.id, identity);
    identity_counts_.removed(connector.id);
    context_.commits.change(storage::DeleteIdentity{device_id});
}

void DeviceTable::release_idle() {
    if (auto spent = arrivals_.committed(context_.commits.committed()); !spent.empty()) {
        destroy_aside(context_.background, std::move(spent));
    }
    std::erase_if(forgotten_until_,
                  [this](const auto& forgotten) { return forgotten.second <= context_.commits.committed(); });
    for (auto at = looked_at_.begin(); at != looked_at_.end();) {
        auto* device = *at;
        if (!device->links.empty()) {
            at = looked_at_.erase(at);  // it is looked at again when the last connection ends
        } else if (device->busy_until > context_.commits.committed()) {
            ++at;
        } else {
            at = looked_at_.erase(at);
            let_go(*device);
        }
    }
}

void DeviceTable::look_at(Device& device) {
    idle_.take(device);
    looked_at_.insert(&device);
}

void DeviceTable::let_go(Device& device) {
    if (!device.exists || !idle_.put(device)) drop(device);
    while (auto* old = idle_.next_too_many()) drop(*old);
}

void DeviceTable::drop(Device& device) {
    keep_packet_ids(device);
    auto& devices = device.connector->devices;
    devices.erase(devices.find(device.row.identity));
}

void DeviceTable::keep_packet_ids(const Device& device) {
    if (!device.earlier_packet_ids) return;
    const auto id = device.row.device_id;
    if (packet_ids_.insert_or_assign(id, *device.earlier_packet_ids).second) packet_ids_order_.push_back(id);
    if (packet_ids_order_.size() <= most_packet_ids) return;
    packet_ids_.erase(packet_ids_order_.front());
    packet_ids_order_.pop_front();
}

void DeviceTable::forget_all() {
    looked_at_.clear();
    idle_.clear();
    all_forgotten_until_ = 0;
    forgotten_until_.clear();
    arrivals_.clear();
    watches_.all_changed({});
    context_.commits.drop_all_values();
    connectors_.clear();
    identity_counts_.forget();
    last_device_id_ = std::max(last_device_id_, context_.reader.max_device_id());  // a snapshot may have higher ones
    load_connectors();
}

void DeviceTable::forget_packet_ids() {
    packet_ids_.clear();
    packet_ids_order_.clear();
}

}  // namespace device
