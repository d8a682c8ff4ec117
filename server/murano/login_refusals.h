#pragma once
// The refusals of a CONNECT, each with its CONNACK code and sentence. Internal to authenticator. No sentence contains a
// secret. Pure; any thread.

#include "server/murano/authenticator.h"

#include <optional>
#include <string>
#include <string_view>

namespace murano {

LoginRefused unknown_credential(const LoginPlan& plan, config::AuthType connector);  // 4 [R12, R14]
LoginRefused wrong_secret(const StoredIdentity& stored);                             // 4 [R12]
LoginRefused no_secret(const StoredIdentity& stored);                                // 4 [R12, R16]
LoginRefused name_without_password(const LoginPlan& plan);                           // 4 [R14]
LoginRefused no_common_name(std::string_view name_fault);                            // 4 [R58]

// A valid credential of a locked or expired identity: 5. [R12]
std::optional<LoginRefused> refuse_state(const StoredIdentity& stored);

Finding client_id_finding(std::string_view client_id, const std::string& rule);  // violation [R13]
Finding certificate_ignored_note(std::string_view common_name);                  // info [R58]

// Accepted; or, with `documented`, refused with 2 if R13 forbids the ClientID.
LoginVerdict accept_with_client_id(const LoginPlan& plan, const StoredIdentity& stored, const LoginContext& context);

}  // namespace murano
