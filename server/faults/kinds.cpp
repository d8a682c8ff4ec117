#include "server/faults/kinds.h"

#include <algorithm>
#include <vector>

namespace faults {

const KeyRule* KindRule::find(std::string_view key) const {
    const auto found = std::find_if(keys.begin(), keys.end(), [key](const KeyRule& rule) { return rule.name == key; });
    return found == keys.end() ? nullptr : &*found;
}

std::span<const KindRule> kinds() {
    static const auto all = [] {
        std::vector<KindRule> rules;
        for (const auto part : {tcp_kinds(), tls_kinds(), mqtt_kinds(), content_kinds()}) {
            rules.insert(rules.end(), part.begin(), part.end());
        }
        return rules;
    }();
    return all;
}

const KindRule& rule_of(Kind kind) {
    return *std::find_if(kinds().begin(), kinds().end(), [kind](const KindRule& rule) { return rule.kind == kind; });
}

const KindRule* find_kind(std::string_view name) {
    const auto all = kinds();
    const auto found = std::find_if(all.begin(), all.end(), [name](const KindRule& rule) { return rule.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::string_view to_string(Layer layer) {
    switch (layer) {
        case Layer::tcp:
            return "tcp";
        case Layer::tls:
            return "tls";
        case Layer::mqtt:
            return "mqtt";
        case Layer::content:
            return "content";
    }
    return "?";
}

std::string_view to_string(KeyType type) {
    switch (type) {
        case KeyType::number:
            return "number";
        case KeyType::flag:
            return "boolean";
        case KeyType::choice:
            return "choice";
        case KeyType::text:
            return "text";
        case KeyType::hex:
            return "hex";
    }
    return "?";
}

}  // namespace faults
