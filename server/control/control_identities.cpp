// Identities and their state as the control side sees them.

#include "protocol/topic_filter.h"
#include "server/control/control_service.h"
#include "server/control/identity_import.h"
#include "server/core/connector.h"
#include "server/murano/quote.h"
#include "server/murano/status.h"

namespace device {
namespace {

constexpr std::size_t longest_topic = 65'535;

// A topic that no PUBLISH may carry: clients end the connection when one comes.
Failure check_topic(std::string_view topic) {
    if (protocol::valid_topic_name(topic)) return std::nullopt;
    std::string_view why = "it is not well-formed UTF-8 [MQTT-1.5.3-1]";
    if (topic.empty()) {
        why = "it is empty [MQTT-4.7.3-1]";
    } else if (topic.size() > longest_topic) {
        why = "it has more than 65,535 bytes [MQTT-1.5.3]";
    } else if (protocol::has_wildcard(topic)) {
        why = "it contains a wildcard, + or #, which only a subscription may [MQTT-3.3.2-2]";
    } else if (topic.find('\0') != std::string_view::npos) {
        why = "it contains the character U+0000 [MQTT-1.5.3-2]";
    }
    return ControlError{ErrorKind::bad_topic,
                        "No PUBLISH may carry the topic " + murano::quoted(topic) + ": " + std::string(why) + ".",
                        "$.topic"};
}

}  // namespace

Device* ControlService::find(std::string_view connector, std::string_view identity) {
    auto* known = parts_.table.find_connector(connector);
    return known == nullptr ? nullptr : parts_.table.find(*known, identity);
}

IdentityView ControlService::view_of(const storage::IdentityRow& row, const Device* device) const {
    const bool has_credential = !row.auth_type.empty() && !row.key.empty();
    return {row,
            std::string(murano::identity_status({row.locked, row.expired, row.reprovision, has_credential})),
            device != nullptr && !device->links.empty(),
            {}};
}

std::optional<IdentityView> ControlService::identity(std::string_view connector, std::string_view identity) {
    const auto* device = find(connector, identity);
    if (device == nullptr) return std::nullopt;
    auto view = view_of(device->row, device);
    view.state = parts_.state.entries(*device);
    return view;
}

Failure ControlService::put_identity(std::string_view connector, std::string_view identity,
                                     const IdentityChange& change) {
    auto* known = parts_.table.find_or_make_connector(connector);
    if (known == nullptr) return ControlError{ErrorKind::not_found, "There is no such connector.", {}};
    if (auto failure = changes_.check(*known, identity, change)) return failure;
    auto* device = parts_.table.find(*known, identity);
    if (device == nullptr && parts_.table.room_for_identities(*known) == 0) return too_many_identities("$.identity");
    if (device == nullptr) device = &parts_.table.make_device(*known, identity, now(connector).wall_us);
    changes_.apply(*device, change);
    return std::nullopt;
}

Failure ControlService::patch_identity(std::string_view connector, std::string_view identity,
                                       const IdentityChange& change) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    if (auto failure = changes_.check(*device->connector, identity, change)) return failure;
    changes_.apply(*device, change);
    return std::nullopt;
}

SlicedWork<Failure> ControlService::change_identities(std::string_view connector, std::vector<NamedChange>&& changes,
                                                      Unknown unknown) {
    return std::make_unique<IdentityImport>(parts_.context, parts_.table, parts_.lifecycle, connector,
                                            std::move(changes), unknown);
}

Failure ControlService::delete_identity(std::string_view connector, std::string_view identity) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    for (const auto& row : parts_.context.reader.content(connector)) {
        if (row.owner == identity) (void)delete_content(connector, row.id);  // its uploads go with it [R63]
    }
    parts_.lifecycle.remove(*device, now(connector));
    return std::nullopt;
}

std::optional<std::vector<StateEntry>> ControlService::state(std::string_view connector, std::string_view identity) {
    const auto* device = find(connector, identity);
    if (device == nullptr) return std::nullopt;
    return parts_.state.entries(*device);
}

Failure ControlService::set_state(std::string_view connector, std::string_view identity,
                                  const std::vector<StateWrite>& writes) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    return parts_.state.set(*device, writes, now(connector));
}

Failure ControlService::publish(std::string_view connector, std::string_view identity, std::string_view topic,
                                std::string_view payload) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    if (auto failure = check_topic(topic)) return failure;
    parts_.delivery.to_subscribers(*device, topic, payload, now(connector));
    return std::nullopt;
}

}  // namespace device
