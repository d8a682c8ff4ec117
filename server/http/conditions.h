#pragma once
// Conditional requests (RFC 9110, section 13). Pure.

#include "server/http/head.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

struct FileVersion {
    std::string etag;  // quoted: "\"9f86…\""; a strong one
    std::int64_t last_modified_us = 0;
    std::uint64_t size = 0;
};

enum class ConditionVerdict : std::uint8_t {
    holds,         // continue
    not_modified,  // 304: the client has this version (GET and HEAD)
    failed,        // 412
};

// If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since, in the order of section 13.2.2. No version: the
// file does not exist yet. An invalid date is ignored.
ConditionVerdict check_conditions(const HttpHead& request, const std::optional<FileVersion>& version);

// Seconds since 1970 of an HTTP date, in any of its three forms; nullopt: invalid.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace net
