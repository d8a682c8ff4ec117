#include "server/murano/shell_topics.h"

#include "server/murano/quote.h"
#include "server/murano/reserved_topics.h"

namespace murano {
namespace {

// One level, or two whose last one is a wildcard: no reserved topic has more behind its name.
bool fits_behind_a_name(std::string_view levels) {
    const std::size_t slash = levels.find('/');
    if (slash == std::string_view::npos) return true;
    const std::string_view last = levels.substr(slash + 1);
    return slash > 0 && (last == "+" || last == "#");
}

}  // namespace

std::optional<std::string> before_the_shell(std::string_view topic, std::string_view identity) {
    if (topic == ".batch") return std::string(kBatchTopic);
    if (!topic.starts_with('/') || !fits_behind_a_name(topic.substr(1))) return std::nullopt;
    const std::string_view behind = topic.substr(1);
    if (identity.empty() && behind.empty()) return std::nullopt;
    const bool provision = identity.empty() || behind == identity;
    return std::string(provision ? kProvisionPrefix : kResourcePrefix).append(behind);
}

std::string shell_hint(std::string_view meant) {
    const std::string_view variable = meant.substr(0, meant.find_first_of("/."));
    return "Did you mean " + quoted(meant) + "? In double quotes a shell takes " + std::string(variable) +
           " for an empty variable: put the topic in single quotes.";
}

}  // namespace murano
