#pragma once
// How many identities each connector has, uncommitted changes included: for limits.max_identities. Read from the store
// at first use, then kept up to date by the code that makes and removes devices. Loop thread only.

#include "server/core/context.h"
#include "server/core/device.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

class IdentityCounts {
  public:
    explicit IdentityCounts(Context& context) : context_(context) {}

    std::uint64_t left(std::string_view connector);  // how many more are allowed
    // Call before the change reaches the store, because the counts may still have to be read from there.
    void added(std::string_view connector, std::uint64_t count = 1);
    void removed(std::string_view connector);
    void none_of(std::string_view connector);  // the connector is deleted
    void none_at_all();                        // all connectors are
    void forget() { counts_.reset(); }         // the stored data was replaced

  private:
    TextMap<std::uint64_t>& counts();

    Context& context_;
    std::optional<TextMap<std::uint64_t>> counts_;
};

}  // namespace device
