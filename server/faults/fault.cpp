#include "server/faults/fault.h"

#include <algorithm>

namespace faults {

const Values::Value* Values::find(Key key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
}

std::int64_t Values::number(Key key, std::int64_t absent) const {
    const auto* value = find(key);
    return value == nullptr ? absent : std::get<std::int64_t>(*value);
}

bool Values::flag(Key key) const {
    const auto* value = find(key);
    return value != nullptr && std::get<bool>(*value);
}

std::string_view Values::text(Key key) const {
    const auto* value = find(key);
    return value == nullptr ? std::string_view() : std::get<std::string>(*value);
}

bool Fault::acts_before_connect() const {
    const auto layer = rule().layer;
    return (layer == Layer::tcp || layer == Layer::tls) && !scope.names_client();
}

bool is_fault_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace faults
