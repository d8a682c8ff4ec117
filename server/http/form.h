#pragma once
// Percent encoding, request targets and urlencoded forms. Pure functions; every refusal is a std::nullopt.

#include "server/http/head.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

// nullopt: a broken escape, a NUL, or bytes that are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Everything but unreserved characters (RFC 3986) is escaped, the slash too.
std::string percent_encode(std::string_view text);

// name=value&name&... ; empty parts are skipped. nullopt: see percent_decode, or more than `max_pairs`.
std::optional<std::vector<HttpPair>> parse_form(std::string_view text, std::size_t max_pairs = 256);

// Fills segments, trailing_slash and query of `head` from its target ("/path?query", "http://host/path", "*"). The host
// of a target in absolute form replaces that of the Host field (RFC 9112, section 3.2.2).
bool parse_target(HttpHead& head);

}  // namespace net
