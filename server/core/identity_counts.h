#pragma once
// How many identities each connector has, changes that are not committed included: for limits.max_identities. Read from
// the store when it is first needed, then kept up to date by who makes and removes devices. Loop thread only.

#include "server/core/context.h"
#include "server/core/device.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

class IdentityCounts {
  public:
    explicit IdentityCounts(Context& context) : context_(context) {}

    std::uint64_t left(std::string_view connector);  // how many more there may be
    // Before the change reaches the store, where the counts are not read yet.
    void added(std::string_view connector, std::uint64_t count = 1);
    void removed(std::string_view connector);
    void none_of(std::string_view connector);  // it is deleted
    void none_at_all();                        // all are
    void forget() { counts_.reset(); }         // what is stored is another world

  private:
    TextMap<std::uint64_t>& counts();

    Context& context_;
    std::optional<TextMap<std::uint64_t>> counts_;
};

}  // namespace device
