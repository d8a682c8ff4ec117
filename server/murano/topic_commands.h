#pragma once
// The meaning of a PUBLISH, by its topic alone. [R37-R39, R45a, R46-R48, R59, R60, D9] Pure; allocates only for
// findings; any thread. Views point into the topic.

#include "server/murano/finding.h"
#include "server/murano/reserved_topics.h"

#include <optional>
#include <string_view>
#include <variant>

namespace murano {

struct ReportOne {
    std::string_view alias;
};                      // `$resource/<alias>` [R37]
struct ReportMany {};   // `$resource/` [R39]
struct ReportBatch {};  // `$resource.batch` [R38]
struct Provision {
    std::string_view id;
};                    // not checked against R49; from a device only its own id [R48, R54, R59]
struct Content {};    // `$content` [R60]
struct Arbitrary {};  // [R45a]
struct Unentitled {
    Finding finding;
};  // acknowledged and dropped, or handled by the quirk [R46]

using PublishCommand = std::variant<ReportOne, ReportMany, ReportBatch, Provision, Content, Arbitrary, Unentitled>;

PublishCommand classify_publish(std::string_view topic, const Client& client);

// For arbitrary topics and filters of the device `identity`: a finding if one looks like a misspelt reserved topic, or
// like one damaged by a shell.
std::optional<Finding> suspicious_topic(std::string_view topic, std::string_view identity);

// A `$content` request with a payload, which is ignored. [R60]
std::optional<Finding> content_request_note(std::string_view payload);

}  // namespace murano
