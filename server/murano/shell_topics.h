#pragma once
// Reserved topics that a shell has taken the first word from: in double quotes it reads $resource as a variable, which
// is empty, so that "$resource/x" is published as /x. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace murano {

// The topic or filter that was most likely written; nothing where none was. `identity`: of the device that speaks,
// empty for an anonymous client, which can have meant $provision alone.
std::optional<std::string> before_the_shell(std::string_view topic, std::string_view identity);

// "Did you mean '$resource/x'? ..."
std::string shell_hint(std::string_view meant);

}  // namespace murano
