#include "server/api/base/request.h"

#include <charconv>

namespace api {

const std::string& Request::param(std::string_view name) const {
    static const std::string none;
    const auto found = params.find(name);
    return found == params.end() ? none : found->second;
}

std::string Request::query(std::string_view name) const {
    return std::string(head->query_value(name).value_or(""));
}

Error bad_request(std::string message, std::string path) {
    return {400, "bad_request", std::move(message), std::move(path)};
}

Error not_found(std::string message) {
    return {404, "not_found", std::move(message), {}};
}

std::variant<std::int64_t, Error> query_integer(const Request& request, std::string_view name, std::int64_t fallback,
                                                std::int64_t least, std::int64_t most) {
    const auto text = request.head->query_value(name);
    if (!text) return fallback;
    std::int64_t value = 0;
    const char* const end = text->data() + text->size();
    const auto [parsed, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc{} || parsed != end || value < least || value > most) {
        return bad_request("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                           "?" + std::string(name));
    }
    return value;
}

}  // namespace api
