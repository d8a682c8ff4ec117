#include "server/control/thin_out.h"

#include <utility>
#include <vector>

namespace device {

std::optional<std::monostate> ThinOut::go_on() {
    if (context_.commits.committed() < last_gate_) return std::nullopt;
    auto* connector = table_.find_connector(connector_);
    if (connector == nullptr || !table_.store_tells(connector_)) return std::monostate();
    std::vector<std::pair<std::string, std::int64_t>> idle;
    bool more = false;
    context_.reader.each_last_seen(connector_, after_, [&](const storage::IdentityGlance& glance) {
        more = idle.size() == at_once;
        if (more) return false;
        after_ = glance.identity;
        if (!table_.in_memory(*connector, glance.identity)) idle.emplace_back(glance.identity, glance.device_id);
        return true;
    });
    if (!more) return std::monostate();
    for (const auto& [identity, device_id] : idle) table_.remove_stored(*connector, identity, device_id);
    last_gate_ = context_.commits.gate();
    return std::nullopt;
}

}  // namespace device
