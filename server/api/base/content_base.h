#pragma once
// The address where a device finds content: the beginning of the links in $content. [R60] Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// From the settings; empty: not set. The first one set is used, in this order: the connector's content.base_url, the
// server's, outside_address.
struct ContentAddress {
    std::string_view of_connector, of_server, outside;
};

// "https://host:port", without a final slash. `authority`: host:port as the device used it.
std::string content_base(const ContentAddress& address, std::string_view authority, std::string_view connector);

// Whether it is "host:port", usable in a link.
bool names_port(std::string_view authority);

// The port of an outside_address; nullopt: none.
std::optional<std::uint16_t> outside_port(std::string_view outside);

}  // namespace api
