#pragma once
// Login by client certificate. [R58] Internal to authenticator; pure; any thread.

#include "server/murano/authenticator.h"

#include <optional>

namespace murano {

// True on a certificate connector; elsewhere if the CN names an identity with a certificate. [R16]
bool certificate_counts(const std::optional<StoredIdentity>& stored, const LoginContext& context);

// The plan's certificate has a CN; `stored` is the identity with that CN.
LoginVerdict judge_certificate(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                               const LoginContext& context);

}  // namespace murano
