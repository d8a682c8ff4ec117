#pragma once
// What the journal tells a firmware developer when a rule drops, refuses, ignores or doubts something, because Murano
// says nothing on the wire. Plain values; any thread.

#include "server/journal/event.h"

#include <string>
#include <string_view>

namespace murano {

// Never contains a secret (token, password, key); quotes device text only through quoted().
struct Finding {
    // The rule and what the device did: "R40.comma_for_point". Static text; docs/findings.tsv lists all codes.
    std::string_view code;
    journal::Severity severity = journal::Severity::warning;
    std::string message;  // what happened, one sentence
    std::string hint;     // what to do instead, naming the likely mistake; may be empty
};

}  // namespace murano
