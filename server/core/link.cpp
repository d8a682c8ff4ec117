#include "server/core/link.h"

#include "server/core/device.h"
#include "server/murano/reserved_topics.h"

namespace device {

murano::Client topic_client(const Link& link) {
    if (!link.anonymous()) return {link.client.device->row.identity};
    const auto& shown = link.facts.certificate;
    return {{}, shown ? std::optional<std::string_view>(shown->common_name) : std::nullopt};
}

}  // namespace device
