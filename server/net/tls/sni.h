#pragma once
// The connector that a TLS client names. [R3]

#include <optional>
#include <string>
#include <string_view>

namespace net {

struct SniChoice {
    std::string connector;  // lower case; empty: refused
    std::string_view code;  // of the finding, with a refusal; static text
    std::string refusal;    // why, in one sentence for a firmware developer
    std::string hint;       // what to do; with a refusal

    bool refused() const { return connector.empty(); }
};

// `sni`: the name as sent by the client, if any. `domain`: in lower case. Pure; any thread. [R3] One label
// [a-z0-9-]{1,63} before ".<domain>" is the connector; more labels are refused; the domain itself and any other host
// name mean the default connector. An IP address is no legal SNI name (RFC 6066) and counts as none.
SniChoice select_connector(std::optional<std::string_view> sni, std::string_view domain,
                           std::string_view default_connector, bool require_sni);

// Lower case, without a final dot: the form in which names are compared and certificates are made.
std::string normal_host_name(std::string_view name);

}  // namespace net
