#include "server/core/arrivals.h"

#include <algorithm>

namespace device {

std::optional<Arrivals::Found> Arrivals::find(std::string_view connector, std::string_view identity) const {
    for (auto list = lists_.rbegin(); list != lists_.rend(); ++list) {
        if (list->connector != connector) continue;
        const auto found = list->identities.find(identity);
        if (found != list->identities.end()) return Found{found->second, list->gate};
    }
    return std::nullopt;
}

std::vector<ArrivalMap> Arrivals::committed(std::uint64_t sequence) {
    std::vector<ArrivalMap> spent;
    for (auto& list : lists_) {
        if (list.gate <= sequence) spent.push_back(std::move(list.identities));
    }
    std::erase_if(lists_, [sequence](const List& list) { return list.gate <= sequence; });
    return spent;
}

void Arrivals::forget(std::string_view connector) {
    std::erase_if(lists_, [connector](const List& list) { return list.connector == connector; });
}

}  // namespace device
