#include "server/core/client.h"

#include "server/murano/secret_text.h"

namespace device {

std::string without_hidden(const Client& client, std::string_view text, bool keep_length) {
    std::string shown(text);
    for (const auto& secret : client.hidden) shown = murano::without_secret(shown, secret, keep_length);
    return shown;
}

}  // namespace device
