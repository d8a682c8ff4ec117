#pragma once
// Which part of a file an HTTP request asks for (RFC 9110, sections 13 and 14). Pure.

#include "server/net/http_head.h"
#include "server/net/http_response.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

struct FileVersion {
    std::string etag;  // quoted: "\"9f86…\""
    std::int64_t last_modified_us = 0;
    std::uint64_t size = 0;
};

enum class RangeKind : std::uint8_t { whole, partial, not_modified, unsatisfiable };

struct RangeDecision {
    RangeKind kind = RangeKind::whole;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// Range with one range, If-Range (entity tag or date) and If-None-Match. Several ranges, another unit or a malformed
// header mean the whole file, as the standard allows.
RangeDecision decide_range(const HttpHead& request, const FileVersion& version);

// 200, 206, 304 or 416 for the file at `path`.
HttpResponse file_response(const HttpHead& request, const FileVersion& version, std::string path,
                           std::string_view mime);

}  // namespace net
