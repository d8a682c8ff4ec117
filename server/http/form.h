#pragma once
// Percent encoding, request targets and urlencoded forms. Pure functions; nullopt means refused.

#include "server/http/head.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

// nullopt: a broken escape, a NUL, or bytes that are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Escapes everything but unreserved characters (RFC 3986), the slash too.
std::string percent_encode(std::string_view text);

// name=value&name&... ; empty parts are skipped. nullopt: as percent_decode, or more than `max_pairs`.
std::optional<std::vector<HttpPair>> parse_form(std::string_view text, std::size_t max_pairs = 256);

// Fills segments, trailing_slash and query of `head` from its target ("/path?query", "http://host/path", "*"). The host
// of an absolute target replaces the Host field (RFC 9112, section 3.2.2).
bool parse_target(HttpHead& head);

}  // namespace net
