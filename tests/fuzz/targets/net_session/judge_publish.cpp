// What a PUBLISH must be answered with, and what it makes of the device.

#include "tests/fuzz/targets/net_session/judge.h"
#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>

namespace fuzz::session {
namespace {

using protocol::PacketType;

// Exactly one PUBACK for each QoS 1 PUBLISH, first of the answers, unless the message is answered by closing. [R25]
void check_puback(const Client& client, const protocol::Publish& publish) {
    if (client.mute) return;
    std::size_t pubacks = 0;
    for (const auto& news : client.news) pubacks += news.type == PacketType::puback ? 1 : 0;
    if (publish.qos != 1 || !client.connected()) return require(pubacks == 0);
    require(pubacks == 1 && client.news.front().type == PacketType::puback);
    require(client.news.front().packet_id == publish.packet_id);
}

bool after_prefix(std::string_view text, std::string_view prefix, std::string_view& rest) {
    if (!text.starts_with(prefix)) return false;
    rest = text.substr(prefix.size());
    return true;
}

}  // namespace

void Judge::published(Client& client, const protocol::Publish& publish) {
    check_puback(client, publish);
    for (const auto& other : world_.clients()) {
        const bool same = other && !other->owner.second.empty() && other->owner == client.owner;
        require(!other || other.get() == &client || same || other->news.empty());
    }
    std::string_view rest;
    if (client.owner.second.empty()) {
        if (publish.topic.starts_with("$provision/")) provisioned(client, publish);
        return;
    }
    if (!publish.topic.starts_with('$')) return require_copies(client.owner, publish.topic, publish.payload);
    if (after_prefix(publish.topic, "$resource/", rest) && !rest.empty()) {
        if (rest.find('/') == rest.npos) reported(client, rest, publish.payload);
    } else if (publish.topic == "$resource/" || publish.topic == "$resource.batch") {
        world_.doubt(client.owner);
    }
}

void Judge::reported(const Client& client, std::string_view alias, std::string_view payload) {
    world_.touch(client.owner);
    const auto* resource = find_resource(alias);
    if (resource == nullptr) return;
    const auto valid = fits(*resource, payload);
    if (!valid) return world_.doubt(client.owner);
    auto* device = world_.sure() ? world_.model().find(client.owner) : nullptr;
    if (device != nullptr && *valid) device->report(*resource, payload);
}

// [R48-R55] without what has no part here: whitelists, windows, certificates.
void Judge::provisioned(Client& client, const protocol::Publish& publish) {
    const bool passwords = client.connector() == "other";
    const std::string id(publish.topic.substr(std::string_view("$provision/").size()));
    const Owner owner{client.connector(), id};
    const auto* reply =
        client.news.empty() || client.news.back().type != PacketType::publish ? nullptr : &client.news.back();
    require(reply == nullptr || reply->topic == publish.topic);
    world_.touch(owner);
    if (!world_.sure()) return;
    auto& model = world_.model();
    const auto* known = model.find(owner);
    if (std::find(identities.begin(), identities.end(), id) == identities.end()) {
        if (known == nullptr && world_.control().identity(owner.first, id)) model.make(owner);
        return;
    }
    const bool long_enough = publish.payload.size() >= 20;
    const bool ascii = std::all_of(publish.payload.begin(), publish.payload.end(), [](char c) { return c > 0; });
    const bool room = known != nullptr || model.count(client.connector()) < most_identities;
    const bool free = known == nullptr || (known->key.empty() && !known->locked);
    if (passwords && !ascii) return world_.doubt(owner);
    const bool granted = room && free && (!passwords || long_enough);
    const bool full = client.held_bytes() + 100 > most_outbox_bytes;
    if (!passwords) require((reply != nullptr) == granted || full || client.mute);
    if (!granted) return;
    if (!passwords && reply == nullptr) return world_.doubt(owner);
    auto& device = known != nullptr ? *model.find(owner) : model.make(owner);
    device.key = passwords ? std::string(publish.payload) : reply->payload;
    device.token = !passwords;
}

}  // namespace fuzz::session
