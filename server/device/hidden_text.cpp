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

void hide(Link& link, std::string_view text) {
    const bool known = std::find(link.hidden.begin(), link.hidden.end(), text) != link.hidden.end();
    if (known) return;
    if (link.hidden.size() == most_hidden) link.hidden.erase(link.hidden.begin());
    link.hidden.emplace_back(text);
}

}  // namespace

bool HiddenText::is_credential(Link& link, Connector* connector, std::string_view text) {
    if (murano::looks_like_token(text)) return true;
    if (text.size() < shortest_secret || connector == nullptr || link.secret_lookups == most_lookups) return false;
    ++link.secret_lookups;
    const auto* owner = table_.find_by_token(*connector, text);
    return owner != nullptr && owner->row.key == text;
}

bool HiddenText::is_key_of(Connector* connector, std::string_view identity, std::string_view text) {
    if (connector == nullptr || identity.empty()) return false;
    const auto* device = table_.find(*connector, identity);
    return device != nullptr && device->row.key == text;
}

void HiddenText::learn(Link& link, const protocol::Connect& connect) {
    auto* connector = table_.find_connector(link.facts.connector);
    const auto username = connect.username.value_or("");
    for (const auto& [field, other] :
         {std::pair(username, connect.client_id), std::pair(connect.client_id, username)}) {
        if (field.size() < shortest_secret) continue;
        const bool is_id = connector != nullptr && table_.find(*connector, field) != nullptr;
        const bool repeated = connect.password == field && !is_id;  // the password, in a second field
        if (repeated || is_key_of(connector, other, field) || is_credential(link, connector, field)) hide(link, field);
    }
}

void HiddenText::learn_own(Link& link) {
    const std::string_view client_id = link.client_id;
    const bool own_key = client_id.size() >= shortest_secret && client_id == link.device->row.key;
    if (own_key || murano::looks_like_token(client_id)) hide(link, client_id);
}

void HiddenText::learn_topic(Link& link, std::string_view topic) {
    const bool provision = topic.starts_with(murano::kProvisionPrefix);
    if (!link.anonymous() && !provision) return;
    auto* connector = table_.find_connector(link.facts.connector);
    while (!topic.empty()) {
        const auto level = topic.substr(0, topic.find('/'));
        if (is_credential(link, connector, level)) hide(link, level);
        topic.remove_prefix(std::min(topic.size(), level.size() + 1));
    }
}

void HiddenText::learn_packet(Link& link, std::string_view raw) {
    const auto packet = protocol::describe_packet(raw);
    if (packet.connect) learn(link, *packet.connect);
    if (!packet.topic.empty()) learn_topic(link, packet.topic);
    for (const auto& subscription : packet.filters) learn_topic(link, subscription.filter);
}

}  // namespace device
