#include "server/core/identity_counts.h"

#include <string>

namespace device {

TextMap<std::uint64_t>& IdentityCounts::counts() {
    if (!counts_) {
        counts_.emplace();
        for (auto& stored : context_.reader.identity_counts()) counts_->emplace(stored.connector, stored.identities);
    }
    return *counts_;
}

std::uint64_t IdentityCounts::left(std::string_view connector) {
    const auto found = counts().find(connector);
    const auto has = found == counts().end() ? 0 : found->second;
    const auto most = context_.options.max_identities;
    return has < most ? most - has : 0;
}

void IdentityCounts::added(std::string_view connector, std::uint64_t count) {
    counts()[std::string(connector)] += count;
}

void IdentityCounts::removed(std::string_view connector) {
    const auto found = counts().find(connector);
    if (found != counts().end() && found->second > 0) --found->second;
}

void IdentityCounts::none_of(std::string_view connector) {
    const auto found = counts().find(connector);
    if (found != counts().end()) counts().erase(found);
}

void IdentityCounts::none_at_all() {
    counts_.emplace();
}

}  // namespace device
