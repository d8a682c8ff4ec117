#include "server/murano/topic_commands.h"

#include "server/murano/quote.h"
#include "server/murano/shell_topics.h"
#include "server/murano/unknown_certificate.h"

#include <string>
#include <utility>

namespace murano {
namespace {

using journal::Severity;

Unentitled unentitled(std::string_view code, std::string message, std::string hint) {
    return {Finding{code, Severity::violation, std::move(message), std::move(hint)}};
}

std::string dropped(std::string_view topic) {
    return "The PUBLISH to " + quoted(topic) + " was dropped: ";
}

Unentitled anonymous_refusal(std::string_view topic, const Client& client) {
    const std::string why = dropped(topic) + "an anonymous client may publish to $provision/<device id> only";
    const auto corrected = corrected_topic(topic);
    if (corrected && corrected->starts_with(kProvisionPrefix)) {
        return unentitled("R46.misspelt_provision", why + ".",
                          "Did you mean $provision/<device id>? The id follows the slash.");
    }
    if (client.certificate) {
        return unentitled("R46.unknown_certificate", why + ", and" + unknown_certificate(*client.certificate) + ".",
                          std::string(register_certificate));
    }
    const auto meant = corrected ? std::nullopt : before_the_shell(topic, {});
    return unentitled(meant ? "R46.shell_expansion" : "R46.anonymous", why + ".",
                      meant ? shell_hint(*meant) : "Connect with the credential of a device.");
}

Unentitled third_level(std::string_view topic, std::string_view alias) {
    return unentitled("R46.third_level", dropped(topic) + "devices report on two levels.",
                      alias.empty() ? "Publish to $resource/<alias>, with one slash."
                                    : "Publish to " + quoted("$resource/" + std::string(alias.substr(0, 48))) +
                                          "; the third level is for values that Murano sends.");
}

Unentitled unknown_topic(std::string_view topic) {
    if (topic == "$resource") {
        return unentitled("R46.no_slash", dropped(topic) + "the slash is missing.",
                          "Publish to $resource/<alias> for one value, to $resource/ for an object of several.");
    }
    const auto corrected = corrected_topic(topic);
    return unentitled(corrected ? "R46.misspelt_topic" : "R46.unknown_topic",
                      dropped(topic) + "Murano knows no such topic.",
                      corrected ? "Did you mean " + quoted(*corrected) + "?"
                                : "Topics of your own must not begin with a dollar sign.");
}

PublishCommand classify_resource(std::string_view topic) {
    const std::string_view alias = topic.substr(kResourcePrefix.size());
    if (alias.empty()) return ReportMany{};
    const std::size_t slash = alias.find('/');
    if (slash == std::string_view::npos) return ReportOne{alias};
    return third_level(topic, alias.substr(0, slash));
}

PublishCommand classify_provision(std::string_view topic, const Client& client) {
    const std::string_view id = topic.substr(kProvisionPrefix.size());
    if (client.anonymous() || id == client.identity) return Provision{id};
    std::string_view code = "R46.other_device";
    std::string hint = "A device may use its own id only; connect without a credential to provision another one.";
    if (trimmed(id) == client.identity || lowered(trimmed(id)) == lowered(client.identity)) {
        code = "R46.own_id_misspelt";
        hint = "Did you mean " + quoted(client.identity) + "? White space and case matter.";
    }
    return unentitled(code, dropped(topic) + "it names another device than " + quoted(client.identity) + ".",
                      std::move(hint));
}

}  // namespace

PublishCommand classify_publish(std::string_view topic, const Client& client) {
    if (topic.starts_with(kProvisionPrefix)) return classify_provision(topic, client);
    if (client.anonymous()) return anonymous_refusal(topic, client);
    if (!is_reserved_space(topic)) return Arbitrary{};
    if (topic.starts_with(kResourcePrefix)) return classify_resource(topic);
    if (topic == kBatchTopic) return ReportBatch{};
    if (topic == kContentTopic) return Content{};
    return unknown_topic(topic);
}

std::optional<Finding> suspicious_topic(std::string_view topic, std::string_view identity) {
    if (is_reserved_space(topic)) return std::nullopt;
    std::string_view code = "R45a.misspelt_topic";
    std::string hint;
    if (const auto corrected = corrected_topic(topic)) {
        hint = "Did you mean " + quoted(*corrected) + "?";
    } else if (const auto meant = before_the_shell(topic, identity)) {
        code = "R45a.shell_expansion";
        hint = shell_hint(*meant);
    } else {
        return std::nullopt;
    }
    return Finding{code, Severity::warning,
                   "The topic " + quoted(topic) + " is one of the device's own; Murano gives it no meaning.",
                   std::move(hint)};
}

std::optional<Finding> content_request_note(std::string_view payload) {
    if (payload.empty()) return std::nullopt;
    return Finding{"R60.payload_ignored", Severity::warning, "The payload of a PUBLISH to $content was ignored.",
                   "Leave it empty."};
}

}  // namespace murano
