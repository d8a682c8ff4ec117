#include "server/device/hidden_text.h"

#include "protocol/describe.h"
#include "server/murano/reserved_topics.h"
#include "server/murano/secret_text.h"

#include <algorithm>
#include <string>
#include <utility>

namespace device {
namespace {

constexpr std::size_t most_hidden = 16;    // of one connection
constexpr std::uint8_t most_lookups = 64;  // of one connection
constexpr std::size_t shortest_secret = 8;

void hide(Client& client, std::string_view text) {
    const bool known = std::find(client.hidden.begin(), client.hidden.end(), text) != client.hidden.end();
    if (known) return;
    if (client.hidden.size() == most_hidden) client.hidden.erase(client.hidden.begin());
    client.hidden.emplace_back(text);
}

}  // namespace

bool HiddenText::is_credential(Client& client, Connector* connector, std::string_view text) {
    if (murano::looks_like_token(text)) return true;
    if (text.size() < shortest_secret || connector == nullptr || client.secret_lookups == most_lookups) return false;
    ++client.secret_lookups;
    const auto* owner = table_.find_by_token(*connector, text);
    return owner != nullptr && owner->row.key == text;
}

bool HiddenText::is_key_of(Connector* connector, std::string_view identity, std::string_view text) {
    if (connector == nullptr || identity.empty()) return false;
    const auto* device = table_.find(*connector, identity);
    return device != nullptr && device->row.key == text;
}

void HiddenText::learn(Client& client, const protocol::Connect& connect) {
    auto* connector = table_.find_connector(client.origin.connector);
    const auto username = connect.username.value_or("");
    for (const auto& [field, other] :
         {std::pair(username, connect.client_id), std::pair(connect.client_id, username)}) {
        if (field.size() < shortest_secret) continue;
        const bool is_id = connector != nullptr && table_.find(*connector, field) != nullptr;
        const bool repeated = connect.password == field && !is_id;  // the password, in a second field
        if (repeated || is_key_of(connector, other, field) || is_credential(client, connector, field))
            hide(client, field);
    }
}

void HiddenText::learn_own(Client& client, std::string_view client_id) {
    const bool own_key = client_id.size() >= shortest_secret && client_id == client.device->row.key;
    if (own_key || murano::looks_like_token(client_id)) hide(client, client_id);
}

void HiddenText::learn_topic(Client& client, std::string_view topic) {
    const bool provision = topic.starts_with(murano::kProvisionPrefix);
    if (!client.anonymous() && !provision) return;
    auto* connector = table_.find_connector(client.origin.connector);
    while (!topic.empty()) {
        const auto level = topic.substr(0, topic.find('/'));
        if (is_credential(client, connector, level)) hide(client, level);
        topic.remove_prefix(std::min(topic.size(), level.size() + 1));
    }
}

void HiddenText::learn_packet(Client& client, std::string_view raw) {
    const auto packet = protocol::describe_packet(raw);
    if (packet.connect) learn(client, *packet.connect);
    if (!packet.topic.empty()) learn_topic(client, packet.topic);
    for (const auto& subscription : packet.filters) learn_topic(client, subscription.filter);
}

}  // namespace device
