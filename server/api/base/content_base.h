#pragma once
// The address at which a device finds content: the begin of the links that $content gives it. [R60] Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// What settings say, empty where they say nothing. The first that says something counts: the connector's own
// content.base_url, that of the server, outside_address.
struct ContentAddress {
    std::string_view of_connector, of_server, outside;
};

// "https://host:port", without a slash at its end. `authority`: host:port that the device used.
std::string content_base(const ContentAddress& address, std::string_view authority, std::string_view connector);

// Whether it is "host:port", fit for a link.
bool names_port(std::string_view authority);

// The port of an outside_address; nullopt: there is none.
std::optional<std::uint16_t> outside_port(std::string_view outside);

}  // namespace api
