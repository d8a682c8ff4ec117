#include "server/murano/subscription_rules.h"

#include "server/murano/identity_rules.h"
#include "server/murano/quote.h"
#include "server/murano/shell_topics.h"
#include "server/murano/topic_commands.h"
#include "server/murano/unknown_certificate.h"

#include <cstddef>
#include <utility>

namespace murano {
namespace {

using journal::Severity;

FilterDecision refused(std::string_view code, std::string_view filter, const std::string& why, std::string hint) {
    return {false, false,
            Finding{code, Severity::violation,
                    "The subscription to " + quoted(filter) + " was refused with 0x80: " + why + ".", std::move(hint)}};
}

// `$resource/#`, `/+`, `/<alias>`, and on three levels `/+/+`, `/<alias>/+`, `/<alias>/#`. [R32, D18]
bool entitled_resource(std::string_view levels) {
    if (levels.empty()) return false;
    const std::size_t slash = levels.find('/');
    if (slash == std::string_view::npos) return true;
    const std::string_view alias = levels.substr(0, slash);
    const std::string_view last = levels.substr(slash + 1);
    return !alias.empty() && (last == "+" || (last == "#" && alias != "+"));
}

bool entitled(std::string_view filter, std::string_view identity) {
    if (filter.starts_with(kResourcePrefix)) return entitled_resource(filter.substr(kResourcePrefix.size()));
    if (filter.starts_with(kProvisionPrefix)) return filter.substr(kProvisionPrefix.size()) == identity;
    return filter == kContentTopic || filter == kBatchTopic;
}

struct NotEntitled {
    std::string_view code;
    std::string hint;
};

NotEntitled not_entitled(std::string_view filter, std::string_view identity) {
    if (filter.starts_with("$provision"))
        return {"R34.other_device", "Only " + quoted("$provision/" + std::string(identity)) + " is this device's."};
    if (filter == "$resource" || filter.starts_with(kResourcePrefix)) {
        return {"R34.resource_filter",
                "Subscribe to $resource/#, $resource/<alias> or $resource/<alias>/+; values come without it too."};
    }
    if (filter.starts_with(kContentTopic))
        return {"R34.content_filter", "Subscribe to $content; the list comes without it too."};
    if (const auto corrected = corrected_topic(filter))
        return {"R34.misspelt_filter", "Did you mean " + quoted(*corrected) + "?"};
    return {"R34.unknown_filter", "Topics of your own must not begin with a dollar sign."};
}

FilterDecision decide_anonymous(std::string_view filter, const Client& client, const config::IdentityFormat& format,
                                std::string& provision_id) {
    constexpr std::string_view kWhy = "an anonymous client may subscribe to its own $provision/<device id> only";
    if (!filter.starts_with(kProvisionPrefix)) {
        if (client.certificate) {
            return refused("R47.unknown_certificate", filter,
                           std::string(kWhy) + ", and" + unknown_certificate(*client.certificate),
                           std::string(register_certificate));
        }
        const auto meant = is_reserved_space(filter) ? std::nullopt : before_the_shell(filter, {});
        return refused(meant ? "R47.shell_expansion" : "R47.anonymous", filter, std::string(kWhy),
                       meant ? shell_hint(*meant) : "Connect with the credential of a device.");
    }
    const std::string_view id = filter.substr(kProvisionPrefix.size());
    if (auto bad = check_identity(format, id))
        return refused("R47.invalid_id", filter, "the id is not valid", bad->message + " " + bad->hint);
    if (provision_id.empty()) provision_id = id;
    if (provision_id == id) return {true, true, std::nullopt};
    return refused("R47.second_device", filter, std::string(kWhy),
                   "This connection named " + quoted(provision_id) + " first; use one connection for each device.");
}

}  // namespace

FilterDecision decide_filter(std::string_view filter, const Client& client, const config::IdentityFormat& format,
                             std::string& anonymous_provision_id) {
    if (client.anonymous()) return decide_anonymous(filter, client, format, anonymous_provision_id);
    if (!is_reserved_space(filter)) return {true, false, suspicious_topic(filter, client.identity)};  // [R35]
    if (entitled(filter, client.identity)) return {true, true, std::nullopt};
    auto [code, hint] = not_entitled(filter, client.identity);
    return refused(code, filter, "the device is not entitled to it", std::move(hint));
}

std::optional<Finding> unsubscribe_note(std::string_view filter) {
    if (!is_reserved_space(filter)) return std::nullopt;
    return Finding{"R36.unsubscribe_without_effect", Severity::info,
                   "The UNSUBSCRIBE of " + quoted(filter) + " was acknowledged and has no effect.",
                   "Updates on reserved topics keep coming; ignore them in the device."};
}

}  // namespace murano
