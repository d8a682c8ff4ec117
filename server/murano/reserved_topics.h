#pragma once
// Murano's reserved topics, and what a developer meant who wrote something close to one. Pure; any thread.

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

// Who publishes or subscribes: a device by its identity, or nobody yet. The view must outlive its use.
struct Client {
    std::string_view identity;  // empty: anonymous [R15]
    // CN of the certificate that an anonymous client showed in vain; empty where it has none.
    std::optional<std::string_view> certificate = std::nullopt;
    bool anonymous() const { return identity.empty(); }
};

// What `topic` (a topic or a filter) would be with a reserved first level spelt right: `resource/a` is `$resource/a`,
// `$Resource.batch` is `$resource.batch`. Nothing where its first level is right or resembles none.
std::optional<std::string> corrected_topic(std::string_view topic);

}  // namespace murano
