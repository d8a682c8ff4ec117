#pragma once
// An anonymous client whose certificate belongs to no device of its connector. [R15, R58] Pure; any thread.

#include <string>
#include <string_view>

namespace murano {

inline constexpr std::string_view register_certificate =
    "Register the certificate with murano-emulator identity add <CN> --cert FILE, or set provisioning.auth_type to "
    "certificate.";

// For the end of a sentence: " its client certificate of 'gadget' belongs to no device of this connector".
std::string unknown_certificate(std::string_view common_name);

}  // namespace murano
