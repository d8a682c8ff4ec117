#pragma once
// Identities of a long list that is submitted but not committed: the store still has their old rows. No Device is made
// for them, because a hundred thousand would take too much memory and time. Loop thread only.

#include "server/core/device.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace device {

struct Arrival {
    storage::IdentityRow row;
    std::int64_t made_us = 0;  // 0: it existed before and has changed
};
using ArrivalMap = TextMap<Arrival>;  // by identity

class Arrivals {
  public:
    // `gate`: the commit sequence after which the store has them.
    void add(std::string_view connector, ArrivalMap&& identities, std::uint64_t gate) {
        lists_.push_back({std::string(connector), std::move(identities), gate});
    }
    struct Found {
        const Arrival& arrival;
        std::uint64_t gate;
    };
    std::optional<Found> find(std::string_view connector, std::string_view identity) const;
    // Removes and returns the lists that the store has by now.
    std::vector<ArrivalMap> committed(std::uint64_t sequence);
    void forget(std::string_view connector);
    void clear() { lists_.clear(); }

  private:
    struct List {
        std::string connector;
        ArrivalMap identities;
        std::uint64_t gate;
    };
    std::vector<List> lists_;  // oldest first
};

}  // namespace device
