#pragma once
// Empties a large connector before it is reset or deleted: a few identities per commit, so that no commit takes long
// and no PUBACK waits for it. The final reset or deletion is then short. After each commit the state is as if a caller
// had deleted those identities one by one.

#include "server/control/sliced.h"
#include "server/core/device_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace device {

class ThinOut final : public Sliced<std::monostate> {
  public:
    static constexpr std::size_t at_once = 500;  // a few milliseconds of the writer

    ThinOut(Context& context, DeviceTable& table, std::string_view connector)
        : context_(context), table_(table), connector_(connector) {}

    // Done when the store has at most `at_once` of them left, not counting those in memory.
    std::optional<std::monostate> go_on() override;

  private:
    Context& context_;
    DeviceTable& table_;
    std::string connector_;
    std::string after_;            // the last identity looked at
    std::uint64_t last_gate_ = 0;  // of the last deletion
};

}  // namespace device
