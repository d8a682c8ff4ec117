#include "server/device/login_doubts.h"

#include "server/murano/quote.h"

namespace device {
namespace {

using murano::NearMiss;
using Kind = NearMiss::Kind;

constexpr std::size_t shortest_beginning = 8;  // fewer characters could be anybody's
// That one refusal looks into: a look-up each, and anybody can be refused as often as they like.
constexpr std::size_t most_connectors = 64;

}  // namespace

const Device* LoginDoubts::owner_of(Connector& connector, std::string_view key, const Device* named) {
    if (key.empty()) return nullptr;
    if (named != nullptr && named->row.key == key) return named;
    const auto* owner = table_.find_by_token(connector, key);
    return owner != nullptr && owner->row.key == key ? owner : nullptr;
}

std::optional<NearMiss> LoginDoubts::wrong_field(Connector& connector, const murano::LoginFields& fields) {
    if (const auto* owner = owner_of(connector, fields.username.value_or(""), nullptr)) {
        return Miss{Kind::username_is_token, owner->row.identity, {}};
    }
    if (const auto* owner = owner_of(connector, fields.client_id, nullptr)) {
        return Miss{Kind::client_id_is_token, owner->row.identity, {}};
    }
    return std::nullopt;
}

std::optional<NearMiss> LoginDoubts::trimmed(Connector& connector, std::string_view password, const Device* named) {
    const auto outer = murano::trim_credential(password);
    if (!outer) return std::nullopt;
    if (const auto* owner = owner_of(connector, outer->text, named)) return Miss{outer->kind, owner->row.identity, {}};
    const auto inner = murano::trim_credential(outer->text);  // a line end behind the closing quote
    if (!inner) return std::nullopt;
    const auto* owner = owner_of(connector, inner->text, named);
    return owner != nullptr ? std::optional(Miss{inner->kind, owner->row.identity, {}}) : std::nullopt;
}

std::optional<NearMiss> LoginDoubts::cut_short(Connector& connector, std::string_view password, const Device* named) {
    if (password.size() < shortest_beginning) return std::nullopt;
    const auto* owner = named != nullptr && named->row.key.starts_with(password)
                            ? named
                            : table_.find_by_token_beginning(connector, password);
    const bool cut =
        owner != nullptr && owner->row.key.size() > password.size() && owner->row.key.starts_with(password);
    return cut ? std::optional(Miss{Kind::cut_short, owner->row.identity, {}}) : std::nullopt;
}

std::optional<NearMiss> LoginDoubts::misspelt_name(Connector& connector, std::string_view name,
                                                   std::string_view password) {
    if (name.empty() || table_.find(connector, name) != nullptr) return std::nullopt;
    const auto bare = murano::trimmed(name);
    if (bare.size() < name.size() && table_.find(connector, bare) != nullptr) {
        return Miss{Kind::username_spaces, std::string(bare), {}};
    }
    // By the credential, or by the id in lower case: there is no index of ids that does not count case.
    const auto* owner = owner_of(connector, password, nullptr);
    if (owner == nullptr) owner = table_.find(connector, murano::lowered(bare));
    const bool same = owner != nullptr && murano::lowered(owner->row.identity) == murano::lowered(bare);
    return same ? std::optional(Miss{Kind::username_case, owner->row.identity, {}}) : std::nullopt;
}

std::optional<NearMiss> LoginDoubts::somebody_elses(Connector& connector, std::string_view name,
                                                    std::string_view password) {
    const auto* owner = owner_of(connector, password, nullptr);
    if (owner == nullptr || owner->row.identity == name) return std::nullopt;
    return Miss{Kind::other_device, owner->row.identity, {}};
}

std::optional<NearMiss> LoginDoubts::of_another_connector(const Connector& connector, std::string_view password) {
    std::size_t looked_into = 0;
    for (const auto& [id, other] : table_.connectors()) {
        if (other.get() == &connector) continue;
        if (++looked_into > most_connectors) break;
        if (const auto* owner = owner_of(*other, password, nullptr)) {
            return Miss{Kind::other_connector, owner->row.identity, id};
        }
    }
    return std::nullopt;
}

std::optional<NearMiss> LoginDoubts::look(Connector& connector, const murano::LoginFields& fields,
                                          const Device* named) {
    const auto name = fields.username.value_or("");
    const auto password = fields.password.value_or("");
    if (auto miss = wrong_field(connector, fields)) return miss;
    if (password.empty()) return std::nullopt;
    if (password == name || table_.find(connector, password) != nullptr) {
        return Miss{Kind::own_id, std::string(password), {}};
    }
    if (auto miss = misspelt_name(connector, name, password)) return miss;
    if (auto miss = trimmed(connector, password, named)) return miss;
    if (auto miss = somebody_elses(connector, name, password)) return miss;
    if (auto miss = cut_short(connector, password, named)) return miss;
    if (auto miss = of_another_connector(connector, password)) return miss;
    if (const auto* owner = table_.revoked_tokens().find(connector.id, password)) {
        return Miss{Kind::revoked, owner->identity, {}};
    }
    return std::nullopt;
}

}  // namespace device
