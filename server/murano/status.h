#pragma once
// The `status` of an identity: the first one that applies. Pure; any thread.

#include <string_view>

namespace murano {

struct StatusFacts {
    bool locked = false;
    bool expired = false;      // the activation window ended unused [R55]
    bool reprovision = false;  // revoked [R63]
    bool has_credential = false;
};

inline std::string_view identity_status(const StatusFacts& facts) {
    if (facts.locked) return "locked";
    if (facts.expired) return "expired";
    if (facts.reprovision) return "reprovision";
    return facts.has_credential ? "provisioned" : "whitelisted";
}

}  // namespace murano
