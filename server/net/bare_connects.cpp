#include "server/net/bare_connects.h"

#include <algorithm>
#include <utility>

namespace net {
namespace {

constexpr std::size_t most_addresses = 256;

}  // namespace

std::size_t BareConnects::note(const std::string& address, TimePoint now) {
    const auto known = addresses_.find(address);
    if (known == addresses_.end()) {
        make_room();
        addresses_.emplace(address, Seen{now, 0});
        return 1;
    }
    auto& seen = known->second;
    ++seen.untold;
    if (now - seen.told < window) return 0;
    seen.told = now;
    return std::exchange(seen.untold, 0);
}

void BareConnects::make_room() {
    if (addresses_.size() < most_addresses) return;
    const auto told_before = [](const auto& a, const auto& b) { return a.second.told < b.second.told; };
    addresses_.erase(std::min_element(addresses_.begin(), addresses_.end(), told_before));
}

}  // namespace net
