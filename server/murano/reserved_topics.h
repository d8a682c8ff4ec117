#pragma once
// Murano's reserved topics, and the likely meaning of similar ones. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace murano {

inline constexpr std::string_view kContentTopic = "$content";
inline constexpr std::string_view kBatchTopic = "$resource.batch";
inline constexpr std::string_view kResourcePrefix = "$resource/";
inline constexpr std::string_view kProvisionPrefix = "$provision/";

inline bool is_reserved_space(std::string_view topic) {
    return !topic.empty() && topic.front() == '$';
}

// The client that publishes or subscribes: a device by its identity, or an anonymous one. The view must outlive its
// use.
struct Client {
    std::string_view identity;  // empty: anonymous [R15]
    // CN of a certificate that did not identify the anonymous client; empty: it has no CN.
    std::optional<std::string_view> certificate = std::nullopt;
    bool anonymous() const { return identity.empty(); }
};

// `topic` (a topic or a filter) with its reserved first level spelt right: `resource/a` gives `$resource/a`,
// `$Resource.batch` gives `$resource.batch`. nullopt: it is right, or resembles none.
std::optional<std::string> corrected_topic(std::string_view topic);

}  // namespace murano
