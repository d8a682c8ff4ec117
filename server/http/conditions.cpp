#include "server/http/conditions.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace net {
namespace {

enum class Compare : std::uint8_t { weak, strong };

// A weak tag in the list never matches in a strong comparison; ours are strong.
bool matches_any(std::string_view list, const std::optional<FileVersion>& version, Compare how) {
    if (trimmed(list) == "*") return version.has_value();
    if (!version) return false;
    while (!list.empty()) {
        const std::string_view one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        std::string_view tag = trimmed(one);
        if (how == Compare::weak && tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == version->etag) return true;
    }
    return false;
}

// The whole seconds that Last-Modified shows. nullopt: there is no such field or no date in it, or no file.
std::optional<bool> changed_since(const HttpHead& request, std::string_view field,
                                  const std::optional<FileVersion>& version) {
    const auto since = parse_http_date(request.field(field));
    if (!since || !version) return std::nullopt;
    return version->last_modified_us / 1'000'000 > *since;
}

bool may_go_on(const HttpHead& request, const std::optional<FileVersion>& version) {
    if (request.has("If-Match")) return matches_any(request.field("If-Match"), version, Compare::strong);
    return !changed_since(request, "If-Unmodified-Since", version).value_or(false);
}

bool client_has_it(const HttpHead& request, const std::optional<FileVersion>& version, bool reads) {
    if (request.has("If-None-Match")) return matches_any(request.field("If-None-Match"), version, Compare::weak);
    return reads && !changed_since(request, "If-Modified-Since", version).value_or(true);
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    // The form of today, that of RFC 850, and that of asctime().
    constexpr std::array forms{"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};
    const std::string date(trimmed(text));
    for (const char* form : forms) {
        std::tm utc{};
        const char* const end = ::strptime(date.c_str(), form, &utc);
        if (end != nullptr && *end == '\0' && !date.empty()) return ::timegm(&utc);
    }
    return std::nullopt;
}

ConditionVerdict check_conditions(const HttpHead& request, const std::optional<FileVersion>& version) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!may_go_on(request, version)) return ConditionVerdict::failed;
    if (!client_has_it(request, version, reads)) return ConditionVerdict::holds;
    return reads ? ConditionVerdict::not_modified : ConditionVerdict::failed;
}

}  // namespace net
