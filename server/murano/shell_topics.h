#pragma once
// Reserved topics damaged by a shell: in double quotes it reads $resource as an (empty) variable, so that "$resource/x"
// is published as /x. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace murano {

// The topic or filter most likely meant; nullopt: unknown. `identity`: of the device; empty for an anonymous client,
// which can only have meant $provision.
std::optional<std::string> before_the_shell(std::string_view topic, std::string_view identity);

// "Did you mean '$resource/x'? ..."
std::string shell_hint(std::string_view meant);

}  // namespace murano
