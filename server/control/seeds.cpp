#include "server/control/seeds.h"

#include "config/names.h"
#include "server/core/connector.h"

#include <fstream>
#include <stdexcept>

namespace device {
namespace {

constexpr auto file_letters = "abcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

void Seeds::apply_all() {
    for (const auto& [id, seed] : seeds_) apply(id, seed);
}

void Seeds::apply(std::string_view connector) {
    const auto found = seeds_.find(connector);
    if (found != seeds_.end()) apply(found->first, found->second);
}

bool Seeds::names(std::string_view connector, std::string_view identity) const {
    const auto found = seeds_.find(connector);
    return found != seeds_.end() && found->second.identities.contains(std::string(identity));
}

void Seeds::apply(std::string_view connector, std::string_view identity) {
    if (!names(connector, identity)) return;
    const auto& seed = seeds_.find(connector)->second.identities.at(std::string(identity));
    if (auto* known = table_.find_connector(connector)) add_identity(*known, std::string(identity), seed);
}

void Seeds::apply(const std::string& id, const config::ConnectorSeed& seed) {
    auto& connector = table_.make_connector(id, seed.settings);
    for (const auto& [identity, identity_seed] : seed.identities) {
        if (table_.find(connector, identity) == nullptr) add_identity(connector, identity, identity_seed);
    }
    for (const auto& [item, content_seed] : seed.content) {
        if (!table_.store_tells(id) || !context_.reader.content_item(id, item))
            add_content(connector, item, content_seed);
    }
}

void Seeds::add_identity(Connector& connector, const std::string& identity, const config::IdentitySeed& seed) {
    const auto now = context_.clock.now(connector.id);
    auto& device = table_.make_device(connector, identity, now.wall_us);
    if (seed.auth_type && !seed.key.empty()) {
        device.row.auth_type = config::to_string(*seed.auth_type);
        device.row.key = seed.key;
    }
    device.row.expire_us = seed.expire_us;
    device.row.locked = seed.locked;
    table_.keep_identity(device);
    add_values(device, seed, now);
}

void Seeds::add_values(Device& device, const config::IdentitySeed& seed, const runtime::Now& now) {
    for (const auto& [alias, value] : seed.state) {
        const auto* rules = device.connector->resources.find(alias);
        if (rules == nullptr) continue;  // config has refused it already
        if (rules->settable()) {
            (void)state_.set(device, {{alias, value.quoted ? JsonKind::string : JsonKind::number, value.text}}, now);
        } else {
            state_.report(device, *rules, value.text, now.wall_us, false);
        }
    }
}

void Seeds::add_content(Connector& connector, const std::string& id, const config::ContentSeed& seed) {
    storage::ContentRow row;
    row.connector = connector.id;
    row.id = id;
    row.file = context_.random.text(32, file_letters);
    row.mime = seed.mime;
    row.last_modified_us = context_.clock.now(connector.id).wall_us;
    const auto target = content_dir_ / row.file;
    std::error_code error;
    if (seed.text) {
        std::ofstream(target, std::ios::binary) << *seed.text;
    } else {
        std::filesystem::copy_file(seed.file, target, error);
    }
    if (!error) {
        std::filesystem::permissions(target, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                     error);  // whatever the umask and the original's mode
    }
    row.length = error ? 0 : std::filesystem::file_size(target, error);
    if (error) {
        throw std::runtime_error("content \"" + id + "\" of connector " + connector.id + ": cannot copy " + seed.file +
                                 ": " + error.message());
    }
    context_.commits.change(storage::PutContent{std::move(row)});
}

}  // namespace device
