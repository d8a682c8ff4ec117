#include "server/core/link.h"

#include "server/core/device.h"
#include "server/murano/reserved_topics.h"
#include "server/murano/secret_text.h"

namespace device {

std::string without_hidden(const Link& link, std::string_view text, bool keep_length) {
    std::string shown(text);
    for (const auto& secret : link.hidden) shown = murano::without_secret(shown, secret, keep_length);
    return shown;
}

murano::Client client_of(const Link& link) {
    if (!link.anonymous()) return {link.device->row.identity};
    const auto& shown = link.facts.certificate;
    return {{}, shown ? std::optional<std::string_view>(shown->common_name) : std::nullopt};
}

}  // namespace device
