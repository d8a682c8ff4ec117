#pragma once
// Empties a large connector before it is reset or deleted: a few of its identities with each commit, so that no commit
// takes long and nobody's PUBACK waits for it. What ends it is then short work. After each commit all is as if somebody
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

    // Done when the store has no more than `at_once` of them left, those in memory aside.
    std::optional<std::monostate> go_on() override;

  private:
    Context& context_;
    DeviceTable& table_;
    std::string connector_;
    std::string after_;            // the last one that was looked at
    std::uint64_t last_gate_ = 0;  // of what was deleted last
};

}  // namespace device
