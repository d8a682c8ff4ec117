#include "server/http/range.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace net {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return UINT64_MAX;
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool range_applies(const HttpHead& request, const FileVersion& version) {
    if (request.method != "GET" || !request.has("Range")) return false;
    if (!request.has("If-Range")) return true;
    const std::string_view condition = trimmed(request.field("If-Range"));
    return condition == version.etag || condition == http_date(version.last_modified_us);
}

RangeDecision last_bytes(std::uint64_t count, std::uint64_t size) {
    if (count == 0 || size == 0) return {RangeKind::unsatisfiable, 0, 0};
    const std::uint64_t length = std::min(count, size);
    return {RangeKind::partial, size - length, length};
}

RangeDecision parse_range(std::string_view header, std::uint64_t size) {
    const RangeDecision whole{RangeKind::whole, 0, size};
    header = trimmed(header);
    if (header.size() < 6 || !equals_ignoring_case(header.substr(0, 6), "bytes=")) return whole;
    const std::string_view range = trimmed(header.substr(6));
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return whole;
    const std::string_view last_text = range.substr(dash + 1);
    const auto last = number(last_text);
    if (dash == 0) return last ? last_bytes(*last, size) : whole;
    const auto first = number(range.substr(0, dash));
    if (!first || (!last && !last_text.empty()) || (last && *last < *first)) return whole;
    if (*first >= size) return {RangeKind::unsatisfiable, 0, 0};
    const std::uint64_t end = std::min(last.value_or(size - 1), size - 1);
    return {RangeKind::partial, *first, end - *first + 1};
}

}  // namespace

RangeDecision decide_range(const HttpHead& request, const FileVersion& version) {
    const auto verdict = check_conditions(request, version);
    if (verdict == ConditionVerdict::not_modified) return {RangeKind::not_modified, 0, 0};
    if (verdict == ConditionVerdict::failed) return {RangeKind::condition_failed, 0, 0};
    if (!range_applies(request, version)) return {RangeKind::whole, 0, version.size};
    return parse_range(request.field("Range"), version.size);
}

HttpResponse file_response(const HttpHead& request, const FileVersion& version, std::string path,
                           std::string_view mime) {
    const RangeDecision range = decide_range(request, version);
    HttpResponse response;
    response.set("Accept-Ranges", "bytes").set("ETag", version.etag);
    response.set("Last-Modified", http_date(version.last_modified_us));
    const std::string size = std::to_string(version.size);
    if (range.kind == RangeKind::not_modified) {
        response.status = 304;
        return response;
    }
    if (range.kind == RangeKind::condition_failed) {
        response.status = 412;
        return response;
    }
    if (range.kind == RangeKind::unsatisfiable) {
        response.status = 416;
        response.set("Content-Range", "bytes */" + size);
        return response;
    }
    response.set("Content-Type", mime.empty() ? "application/octet-stream" : mime);
    if (range.kind == RangeKind::partial) {
        response.status = 206;
        response.set("Content-Range", "bytes " + std::to_string(range.offset) + '-' +
                                          std::to_string(range.offset + range.length - 1) + '/' + size);
    }
    response.file = FileRange{std::move(path), range.offset, range.length};
    return response;
}

}  // namespace net
