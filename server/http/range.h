#pragma once
// The part of a file that an HTTP request asks for (RFC 9110, section 14), once its conditions hold. Pure.

#include "server/http/conditions.h"
#include "server/http/head.h"
#include "server/http/response.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

enum class RangeKind : std::uint8_t { whole, partial, not_modified, condition_failed, unsatisfiable };

struct RangeDecision {
    RangeKind kind = RangeKind::whole;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// First the conditions (conditions.h), then Range with one range, and If-Range (entity tag or date). For several
// ranges, another unit or a malformed header the whole file is sent, as the standard allows.
RangeDecision decide_range(const HttpHead& request, const FileVersion& version);

// 200, 206, 304, 412 or 416 for the file at `path`.
HttpResponse file_response(const HttpHead& request, const FileVersion& version, std::string path,
                           std::string_view mime);

}  // namespace net
