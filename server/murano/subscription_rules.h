#pragma once
// Which topic filters a client may subscribe to. [R32-R36, R47, D18] Filters have passed the MQTT grammar. Pure; any
// thread.

#include "config/connector_settings.h"
#include "server/murano/finding.h"
#include "server/murano/reserved_topics.h"

#include <optional>
#include <string>
#include <string_view>

namespace murano {

struct FilterDecision {
    bool granted = false;                           // with QoS 0; otherwise 0x80
    bool reserved = false;                          // granted without effect on delivery: nothing to remember [R36]
    std::optional<Finding> finding = std::nullopt;  // always if refused; also if granted but probably misspelt
};

// An anonymous client may have one `$provision/<id>` with a valid id, the first it names: `anonymous_provision_id`,
// initially empty, is set here. [R47] Unused for devices.
FilterDecision decide_filter(std::string_view filter, const Client& client, const config::IdentityFormat& format,
                             std::string& anonymous_provision_id);

// UNSUBSCRIBE of a reserved topic is acknowledged and ignored. [R36] nullopt for other filters.
std::optional<Finding> unsubscribe_note(std::string_view filter);

}  // namespace murano
