#pragma once
// Shared by the provisioning acts: whether the device can provision again, and how to make it. Pure.

#include "server/verdict/checks/act_tools.h"

#include <optional>
#include <string_view>

namespace verdict {

inline bool asks_for_credential(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    return publish && publish->packet.topic.starts_with("$provision/");
}

// The reply with the token leaves; for a password there is no reply. [R50, R51]
inline bool gets_credential(const Observation& observation, const Desk& desk) {
    if (desk.subject().auth_type == AuthType::password) return asks_for_credential(observation);
    const auto* publish = std::get_if<PublishLeft>(&observation.seen);
    return publish && publish->topic.starts_with("$provision/");
}

inline std::optional<Result> cannot_provision(const Desk& desk) {
    if (desk.subject().auth_type == AuthType::certificate)
        return not_run("Its certificate is its credential: it has none to ask for.");
    if (!desk.parameters().reprovisions && !desk.has_hook("provision"))
        return not_run("It does not provision again (reprovisions is false), and there is no hook 'provision'.");
    return std::nullopt;
}

inline void take_credential(Desk& desk) {
    desk.order(RevokeCredential{});
    if (desk.has_hook("provision")) desk.order(CallHook{"provision"});
}

}  // namespace verdict
