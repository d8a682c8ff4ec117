#include "server/device/expiry.h"

#include <algorithm>

namespace device {

void Expiry::run() {
    // Connectors may have clocks of their own: ask for what could be due by the latest of them.
    auto latest = context_.clock.now().wall_us;
    for (const auto& [id, connector] : table_.connectors()) latest = std::max(latest, context_.clock.now(id).wall_us);
    for (const auto& row : context_.reader.identities_to_expire(latest)) {
        auto* connector = table_.find_connector(row.connector);
        if (connector == nullptr) continue;
        const auto now = context_.clock.now(row.connector);
        auto* device = table_.find(*connector, row.identity);
        if (device == nullptr || device->has_credential() || !device->row.expire_us) continue;
        if (*device->row.expire_us <= now.wall_us) lifecycle_.expire(*device, now);
    }
}

}  // namespace device
