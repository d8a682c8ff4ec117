#include "server/report/words.h"

#include "server/text/printable.h"

namespace report {

using config::JsonNode;
using text::printable;
using text::time_text;

std::string text_of(const JsonNode& node, std::string_view key) {
    const auto* member = node.find(key);
    const bool shown = member != nullptr && (member->is(JsonNode::Kind::string) || member->is(JsonNode::Kind::number));
    return shown ? member->text : std::string();
}

std::string code_of(const JsonNode& finding) {
    auto code = text_of(finding, "code");
    return code.empty() ? text_of(finding, "rule") : code;
}

std::string who(const JsonNode& finding) {
    for (const std::string_view key : {"identity", "claimed_identity"}) {
        const auto identity = text_of(finding, key);
        if (!identity.empty()) return printable(identity);
    }
    const auto ip = text_of(finding, "ip");
    return ip.empty() ? "(anonymous)" : "(anonymous, " + printable(ip) + ")";
}

std::string where(const JsonNode& finding) {
    const auto connector = text_of(finding, "connector");
    return connector.empty() ? "-" : printable(connector);
}

std::string when(const JsonNode& finding) {
    const auto count = text_of(finding, "count");
    if (count.empty() || count == "1") return time_text(text_of(finding, "timestamp"));
    return count + " times, first " + time_text(text_of(finding, "first_timestamp")) + ", last " +
           time_text(text_of(finding, "last_timestamp"));
}

std::string sentence(const JsonNode& finding) {
    const auto hint = text_of(finding, "hint");
    return printable(text_of(finding, "message") + (hint.empty() ? "" : " " + hint));
}

}  // namespace report
