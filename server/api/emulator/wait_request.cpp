#include "server/api/emulator/wait_request.h"

#include "server/api/base/json_body.h"
#include "server/journal/match_json.h"

namespace api {

using config::JsonNode;
using config::ObjectReader;

namespace {

void read_sequence(JsonBody& body, const JsonNode& list, journal::Goal& goal) {
    if (!list.is(JsonNode::Kind::array) || list.items.empty() || list.items.size() > most_wait_steps) {
        body.object().wrong(list, "$.sequence", "a list of 1 to " + std::to_string(most_wait_steps) + " matches");
        return;
    }
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        goal.steps.push_back(journal::read_match(
            ObjectReader(&list.items[i], config::item_path("$.sequence", i), body.object().context())));
    }
}

void read_count(JsonBody& body, journal::Goal& goal) {
    const JsonNode* node = body.object().find("count");
    if (node == nullptr) return;
    ObjectReader count = body.object().child("count");
    const auto exactly = body.integer(count, "exactly");
    const auto at_least = body.integer(count, "at_least");
    count.finish();
    if (exactly && at_least) body.refuse(node, "$.count", "either exactly or at_least, not both");
    if (!exactly && !at_least && node->is(JsonNode::Kind::object)) {
        body.refuse(node, "$.count", "{\"exactly\":N} or {\"at_least\":N}");
    }
    const std::int64_t wanted = exactly.value_or(at_least.value_or(1));
    const std::int64_t least = exactly ? 0 : 1;
    if (wanted < least || wanted > most_wait_count) {
        body.refuse(node, exactly ? "$.count.exactly" : "$.count.at_least",
                    "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most_wait_count));
        return;
    }
    goal.count = static_cast<std::uint64_t>(wanted);
    goal.exactly = exactly.has_value();
}

void read_goal(JsonBody& body, journal::Goal& goal) {
    const JsonNode* match = body.object().find("match");
    const JsonNode* sequence = body.object().find("sequence");
    if ((match == nullptr) == (sequence == nullptr)) {
        body.refuse(body.root(), match == nullptr ? "$" : "$.sequence", "needed is either match or sequence");
        return;
    }
    if (match != nullptr) {
        goal.steps.push_back(journal::read_match(body.object().child("match")));
        read_count(body, goal);
        return;
    }
    read_sequence(body, *sequence, goal);
    if (body.object().find("count") != nullptr) {
        body.refuse(body.object().find("count"), "$.count",
                    "a count needs match; repeat the step of a sequence instead");
    }
}

void read_number(JsonBody& body, std::string_view key, std::int64_t most, std::optional<std::int64_t>& into) {
    const auto number = body.integer(body.object(), key);
    if (!number) return;
    if (*number >= 0 && *number <= most) {
        into = number;
        return;
    }
    body.refuse(body.object().find(key), body.object().path_of(key),
                "must be a whole number from 0 to " + std::to_string(most));
}

}  // namespace

std::variant<WaitRequest, Error> read_wait_request(std::string_view text) {
    JsonBody body(text, config::KeyMode::strict);
    WaitRequest request;
    if (body.root() != nullptr && body.root()->is(JsonNode::Kind::object)) read_goal(body, request.goal);
    std::optional<std::int64_t> within;
    read_number(body, "within_ms", longest_wait_ms, within);
    read_number(body, "since", INT64_MAX, request.since);
    request.within_ms = within.value_or(request.within_ms);
    if (auto error = body.error()) return std::move(*error);
    return request;
}

std::string wait_request_schema() {
    return R"({"type":"object","additionalProperties":false,"properties":{
"match":{"$ref":"#/components/schemas/Match"},
"sequence":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/components/schemas/Match"},"description":"to be met in this order; instead of match"},
"count":{"type":"object","additionalProperties":false,"description":"with match; default at_least 1","properties":{
"exactly":{"type":"integer","minimum":0,"maximum":1000,"description":"judged when the window ends; 0: none came"},
"at_least":{"type":"integer","minimum":1,"maximum":1000}}},
"within_ms":{"type":"integer","minimum":0,"maximum":600000,"default":10000,"description":"real time"},
"since":{"type":"integer","description":"cursor: what came after it counts; default now"}}})";
}

}  // namespace api
