#pragma once
// One HTTP request head, decoded. Plain values; no sockets, no clock. Every view points into the head itself.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct HttpField {
    std::string name;
    std::string value;
};

// A decoded name and value of a query or a form, in order of arrival.
struct HttpPair {
    std::string name;
    std::string value;
};

struct HttpHead {
    std::string method;                 // as received; methods are case-sensitive
    std::string target;                 // as received
    std::vector<std::string> segments;  // of the path, percent-decoded one by one: "%2F" never splits
    bool trailing_slash = false;        // "/a/" and "/a" have the same segments
    std::vector<HttpPair> query;
    std::vector<HttpField> fields;  // as received, except that an absolute target replaces Host
    bool host_differs = false;      // it did, and Host named another host
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = false;
    bool http_1_0 = false;
    bool expects_continue = false;  // the client waits for "100 Continue" before it sends the body

    // First field of this name in any case, or an empty view (`has` distinguishes).
    std::string_view field(std::string_view name) const;
    bool has(std::string_view name) const { return count(name) > 0; }
    std::size_t count(std::string_view name) const;
    std::string_view host() const { return field("Host"); }
    // Content-Type without its parameters, in lower case.
    std::string media_type() const;
    // First query value of this name.
    std::optional<std::string_view> query_value(std::string_view name) const;
    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

bool equals_ignoring_case(std::string_view left, std::string_view right);
std::string lower_case(std::string_view text);
std::string_view trimmed(std::string_view text);  // of spaces and tabs

}  // namespace net
