#include "tests/fuzz/targets/net_session/judge.h"

#include "protocol/topic_filter.h"
#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>

namespace fuzz::session {
namespace {

using protocol::PacketType;

std::size_t count(const Client& client, PacketType type) {
    return static_cast<std::size_t>(
        std::count_if(client.news.begin(), client.news.end(), [type](const auto& news) { return news.type == type; }));
}

}  // namespace

void Judge::begin() {
    for (const auto& client : world_.clients()) {
        if (!client) continue;
        for (const auto& news : client->news) {
            const auto known = payloads_.find(news.payload);
            require(news.type != PacketType::publish || known == payloads_.end() || known->second == client->owner);
        }
        client->news.clear();
    }
}

void Judge::answered_nothing(const Client& client) {
    require(client.news.empty());
}

// The credential of a device that may log in must be taken where all that made it so is committed.
bool Judge::must_accept(const Client& client, const protocol::Connect& connect) {
    if (connect.second_try()) return false;  // [R4]
    const auto password = connect.password.value_or("");
    const auto username = connect.username.value_or("");
    if (password.empty()) return username.empty();
    if (!world_.sure() || !world_.commits().idle()) return false;
    const auto& devices = world_.model().devices;
    return std::any_of(devices.begin(), devices.end(), [&](const auto& entry) {
        const auto& [owner, device] = entry;
        const bool named = username.empty() ? device.token : username == owner.second;
        return owner.first == client.connector() && named && device.key == password && !device.locked;
    });
}

void Judge::connected(Client& client, const protocol::Connect& connect, bool accepted, bool expected) {
    require(accepted || !expected);
    if (client.mute) {
        if (accepted && client.link().client.device != nullptr) logged_in(client, connect);
        return;
    }
    require(count(client, PacketType::connack) == 1);
    const auto& connack = client.news.front();
    require((connack.code == 0) == accepted && (accepted || !connack.session_present));
    if (accepted && client.link().client.device != nullptr) return logged_in(client, connect);
    require(client.news.size() == 1 && !connack.session_present);
    require(!accepted || (connect.password.value_or("").empty() && connect.username.value_or("").empty()));
}

void Judge::logged_in(Client& client, const protocol::Connect& connect) {
    note_endings();
    client.owner = {client.connector(), client.link().client.device->row.identity};
    client.keeps_session = !connect.clean_session;
    client.has_will_of_values = connect.will && connect.will->topic.starts_with("$resource");
    const std::string client_id(connect.client_id);
    for (const auto& other : world_.clients()) {
        if (!other || other.get() == &client || other->owner != client.owner) continue;
        require(client_id.empty() || !other->connected() || other->link().client_id != client_id);  // [R22]
        if (client.keeps_session) other->keeps_session = false;                                     // [R20]
    }
    world_.touch(client.owner);
    client.filters = client.link().filters;
    if (!world_.sure()) return;
    auto* device = world_.model().find(client.owner);
    require(device != nullptr && !device->locked && device->key == connect.password.value_or(""));
    const auto username = connect.username.value_or("");
    require(username.empty() ? device->token : username == client.owner.second);
    const bool resumed = device->begin(client_id, connect.clean_session, world_.wall_now(client.connector()));
    require(client.mute || client.news.front().session_present == resumed);
    require(connect.clean_session ? client.filters.empty() : client.filters == device->session(client_id)->filters);
    if (client.mute) return;
    std::size_t waiting = 0, bytes = 0;
    for (const auto& [alias, value] : device->values) waiting += value.unacknowledged ? 1 : 0;
    for (const auto& news : client.news) bytes += news.bytes;
    const auto sent = count(client, PacketType::publish);  // [R42]
    require(sent == waiting || (sent < waiting && std::max(bytes, client.held_bytes()) + 200 > most_outbox_bytes));
}

void Judge::note_filters(Client& client) {
    if (client.owner.second.empty()) return;
    world_.touch(client.owner);
    auto* device = world_.sure() ? world_.model().find(client.owner) : nullptr;
    auto* session = device != nullptr && client.keeps_session ? device->session(client.link().client_id) : nullptr;
    if (session != nullptr) session->filters = client.filters;
}

void Judge::subscribed(Client& client, const protocol::Subscribe& subscribe) {
    if (client.mute) {
        client.filters = client.link().filters;
        return note_filters(client);
    }
    require(client.news.size() == 1 && client.news.front().type == PacketType::suback);
    const auto& suback = client.news.front();
    require(suback.packet_id == subscribe.packet_id && suback.codes.size() == subscribe.filters.size());
    for (std::size_t i = 0; i < suback.codes.size(); ++i) {
        const auto filter = subscribe.filters[i].filter;
        const bool granted = suback.codes[i] == protocol::suback_granted;
        require(granted || suback.codes[i] == protocol::suback_failure);
        const bool known = std::find(client.filters.begin(), client.filters.end(), filter) != client.filters.end();
        const bool small = filter.size() <= 100 && std::count(filter.begin(), filter.end(), '/') < 10;
        const bool own = !client.owner.second.empty() && !filter.starts_with('$');
        if (own) require(granted == (small && (known || client.filters.size() < 3)));             // [R35]
        if (client.owner.second.empty()) require(!granted || filter.starts_with("$provision/"));  // [R47]
        if (granted && !known) client.filters.emplace_back(filter);
    }
    require(client.filters.size() <= 3);
    note_filters(client);
}

void Judge::unsubscribed(Client& client, const protocol::Unsubscribe& unsubscribe) {
    if (!client.mute) {
        require(client.news.size() == 1 && client.news.front().type == PacketType::unsuback);
        require(client.news.front().packet_id == unsubscribe.packet_id);
    }
    for (const auto filter : unsubscribe.filters) std::erase(client.filters, filter);
    note_filters(client);
}

void Judge::note_endings() {
    for (const auto& client : world_.clients()) {
        if (!client || client->link().state != device::Link::State::ended || client->ending_noted) continue;
        client->ending_noted = true;
        if (client->owner.second.empty()) continue;
        if (client->has_will_of_values) world_.doubt(client->owner);
        world_.touch(client->owner);
        auto* device = world_.sure() ? world_.model().find(client->owner) : nullptr;
        auto* session =
            device != nullptr && client->keeps_session ? device->session(client->link().client_id) : nullptr;
        if (session == nullptr) continue;
        session->connected = false;
        session->left_us = world_.wall_now(client->connector());
    }
}

std::string Judge::new_payload(const Owner& owner) {
    auto payload = "m" + std::to_string(payloads_.size());
    payloads_.emplace(payload, owner);
    return payload;
}

void Judge::require_copies(const Owner& owner, std::string_view topic, std::string_view payload) {
    for (const auto& client : world_.clients()) {
        if (!client || client->mute || client->link().state == device::Link::State::fresh) continue;
        const auto copies = std::count_if(client->news.begin(), client->news.end(), [&](const auto& news) {
            return news.type == PacketType::publish && news.topic == topic && news.payload == payload;
        });
        const bool wanted =
            topic.starts_with('$') || std::any_of(client->filters.begin(), client->filters.end(),
                                                  [&](const auto& filter) { return protocol::matches(filter, topic); });
        const bool expected = client->connected() && client->owner == owner && wanted;
        const bool full = client->held_bytes() + topic.size() + payload.size() + 10 > most_outbox_bytes;
        require(copies == (expected ? 1 : 0) || (copies == 0 && full));
    }
}

void Judge::require_closed(const Owner& owner) {
    for (const auto& client : world_.clients()) require(!client || client->owner != owner || !client->connected());
}

}  // namespace fuzz::session
