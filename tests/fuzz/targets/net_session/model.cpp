#include "tests/fuzz/targets/net_session/model.h"

#include <algorithm>

namespace fuzz::session {

const Resource* find_resource(std::string_view alias) {
    const auto* found = std::find_if(std::begin(resources), std::end(resources),
                                     [alias](const Resource& resource) { return resource.alias == alias; });
    return found == std::end(resources) ? nullptr : found;
}

std::optional<bool> fits(const Resource& resource, std::string_view text) {
    const bool number = text == "5" || text == "100" || text == "-1.50";
    const bool boolean = text == "true" || text == "false";
    if (!number && !boolean && text != "abc") return std::nullopt;
    switch (resource.kind) {
        case Resource::Kind::number:
            return number;
        case Resource::Kind::boolean:
            return boolean;
        case Resource::Kind::text:
            break;
    }
    return true;
}

Session* Device::session(std::string_view client_id) {
    const auto found = std::find_if(sessions.begin(), sessions.end(),
                                    [client_id](const Session& session) { return session.client_id == client_id; });
    return found == sessions.end() ? nullptr : &*found;
}

void Device::report(const Resource& resource, std::string_view text) {
    auto& value = values[std::string(resource.alias)];
    value.reported = text;
    if (resource.settable) value.set = text;
    value.unacknowledged = false;
}

void Device::set(const Resource& resource, std::string_view text) {
    auto& value = values[std::string(resource.alias)];
    value.set = text;
    value.unacknowledged = resource.sync;
}

bool Device::begin(const std::string& client_id, bool clean, std::int64_t now_us) {
    constexpr std::int64_t day_us = 24LL * 60 * 60 * 1'000'000;
    const bool stored = session(client_id) != nullptr;
    std::erase_if(sessions, [&](const Session& other) {
        const bool own = other.client_id == client_id;
        const bool old = !other.connected && now_us - other.left_us > day_us;
        return clean ? own || old : !own;
    });
    if (clean) return false;
    if (!stored) sessions.push_back({client_id, {}, true, 0});
    session(client_id)->connected = true;
    return stored;
}

Device* Model::find(const Owner& owner) {
    const auto found = devices.find(owner);
    return found == devices.end() ? nullptr : &found->second;
}

Device& Model::make(const Owner& owner) {
    auto& device = devices[owner] = {};
    for (const auto& resource : resources) {
        if (!resource.initial.empty()) device.set(resource, resource.initial);
    }
    return device;
}

std::size_t Model::count(const std::string& connector) const {
    return static_cast<std::size_t>(std::count_if(devices.begin(), devices.end(),
                                                  [&](const auto& entry) { return entry.first.first == connector; }));
}

void Model::erase_connector(const std::string& connector) {
    std::erase_if(devices, [&](const auto& entry) { return entry.first.first == connector; });
}

}  // namespace fuzz::session
