#pragma once
// Identities of a long list that is submitted and not yet committed: the store still tells what was before. They are
// not made devices of, which would take the memory and the time of a hundred thousand at once. Loop thread only.

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
    std::int64_t made_us = 0;  // 0: it was there before, and has changed
};
using ArrivalMap = TextMap<Arrival>;  // by identity

class Arrivals {
  public:
    // `gate`: the commit sequence with which the store tells of them.
    void add(std::string_view connector, ArrivalMap&& identities, std::uint64_t gate) {
        lists_.push_back({std::string(connector), std::move(identities), gate});
    }
    struct Found {
        const Arrival& arrival;
        std::uint64_t gate;
    };
    std::optional<Found> find(std::string_view connector, std::string_view identity) const;
    // What the store tells of by now, and nothing else has to.
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
