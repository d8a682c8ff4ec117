#include "server/api/base/json_body.h"

#include <charconv>

namespace api {

using config::JsonNode;

namespace {

std::optional<JsonNode> parse(std::string_view text, bool optional, const config::ReadContext& context) {
    if (optional && text.find_first_not_of(" \t\r\n") == std::string_view::npos) return JsonNode::object();
    config::ParsedJson parsed = config::parse_json(text, config::JsonDialect::strict);
    for (const config::JsonFault& fault : parsed.faults) {
        context.error(fault.offset, fault.path,
                      fault.message + " (at byte offset " + std::to_string(fault.offset) + ")");
    }
    return std::move(parsed.root);
}

}  // namespace

JsonBody::JsonBody(std::string_view text, config::KeyMode mode, bool optional)
    : text_(text),
      context_{"", text_, mode, problems_},
      root_(parse(text_, optional, context_)),
      object_(root(), "$", context_) {}

std::optional<std::int64_t> JsonBody::integer(config::ObjectReader& from, std::string_view key, bool also_text) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return std::nullopt;
    const bool readable =
        node->is(JsonNode::Kind::number) || (also_text && node->is(JsonNode::Kind::string) && !node->text.empty());
    std::int64_t value = 0;
    const char* const end = node->text.data() + node->text.size();
    const auto [parsed, error] = std::from_chars(node->text.data(), end, value);
    if (readable && error == std::errc{} && parsed == end) return value;
    from.wrong(*node, from.path_of(key), "a whole number");
    return std::nullopt;
}

std::optional<bool> JsonBody::boolean(config::ObjectReader& from, std::string_view key) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return std::nullopt;
    if (node->is(JsonNode::Kind::boolean)) return node->truth;
    from.wrong(*node, from.path_of(key), "true or false");
    return std::nullopt;
}

std::optional<std::string> JsonBody::text(config::ObjectReader& from, std::string_view key) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return std::nullopt;
    if (node->is(JsonNode::Kind::string)) return node->text;
    from.wrong(*node, from.path_of(key), "a string");
    return std::nullopt;
}

void JsonBody::refuse(const JsonNode* at, std::string path, std::string message) {
    context_.error(at != nullptr ? at->offset : 0, std::move(path), std::move(message));
}

std::optional<Error> JsonBody::error() {
    // An object that could not be parsed has no keys to complain about.
    if (problems_.ok() && root_) object_.finish();
    if (problems_.ok()) return std::nullopt;
    return to_error(problems_);
}

Error to_error(const config::Problems& problems) {
    const config::Problem& first = problems.errors().front();
    std::string message = first.message;
    if (first.line > 0) {
        message += " (line " + std::to_string(first.line) + ", column " + std::to_string(first.column) + ')';
    }
    const auto others = problems.errors().size() - 1 + problems.errors_left_out();
    if (others > 0) message += ", and " + std::to_string(others) + " more";
    return {400, "bad_request", std::move(message), first.path};
}

}  // namespace api
