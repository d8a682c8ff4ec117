#include "server/api/base/router.h"

#include <algorithm>
#include <optional>

namespace api {

namespace {

using Params = std::map<std::string, std::string, std::less<>>;

bool is_param(std::string_view segment) {
    return segment.starts_with('{');
}
bool takes_several(std::string_view segment) {
    return segment.ends_with("+}");
}

std::string param_name(std::string_view segment) {
    segment.remove_prefix(1);
    segment.remove_suffix(takes_several(segment) ? 2 : 1);
    return std::string(segment);
}

std::string joined(const std::vector<std::string>& segments, std::size_t first, std::size_t count) {
    std::string all = segments[first];
    for (std::size_t i = first + 1; i < first + count; ++i) all += '/' + segments[i];
    return all;
}

// At most one parameter of a pattern takes several segments: as many as the fixed rest of it leaves.
std::optional<Params> fit(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    Params params;
    std::size_t at = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string& want = pattern[i];
        const std::size_t rest = pattern.size() - i - 1;
        if (at + 1 + rest > segments.size()) return std::nullopt;
        if (!is_param(want)) {
            if (segments[at] != want) return std::nullopt;
            ++at;
            continue;
        }
        const std::size_t count = takes_several(want) ? segments.size() - at - rest : 1;
        std::string value = joined(segments, at, count);
        if (value.empty()) return std::nullopt;
        params.emplace(param_name(want), std::move(value));
        at += count;
    }
    if (at != segments.size()) return std::nullopt;
    return params;
}

}  // namespace

std::vector<std::string> pattern_segments(std::string_view pattern) {
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const auto end = std::min(pattern.find('/'), pattern.size());
        if (end > 0) segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (const Route& route : routes_) patterns_.push_back(pattern_segments(route.pattern));
}

RouteMatch Router::match(std::string_view method, const std::vector<std::string>& segments) const {
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    RouteMatch match;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto params = fit(patterns_[i], segments);
        if (!params) continue;
        if (routes_[i].method == wanted) return {&routes_[i], std::move(*params), {}};
        match.allowed.push_back(routes_[i].method);
        if (routes_[i].method == "GET") match.allowed.emplace_back("HEAD");
    }
    std::sort(match.allowed.begin(), match.allowed.end());
    match.allowed.erase(std::unique(match.allowed.begin(), match.allowed.end()), match.allowed.end());
    return match;
}

}  // namespace api
