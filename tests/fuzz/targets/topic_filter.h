#pragma once
// Filter and topic, separated by the first line feed.

#include "protocol/topic_filter.h"
#include "tests/fuzz/targets/require.h"

#include <string>
#include <string_view>

namespace fuzz {

inline void topic_filter(std::string_view bytes) {
    const std::size_t cut = bytes.find('\n');
    const std::string_view filter = bytes.substr(0, cut);
    const std::string_view topic = cut == bytes.npos ? std::string_view{} : bytes.substr(cut + 1);
    const bool matched = protocol::matches(filter, topic);  // whatever they are, it ends
    if (!protocol::valid_topic_filter(filter) || !protocol::valid_topic_name(topic)) return;
    if (!protocol::has_wildcard(filter)) require(matched == (filter == topic));
    require(protocol::matches(topic, topic));
    require(protocol::matches("#", topic) == !topic.starts_with('$'));
    require(protocol::matches(std::string(topic.substr(0, 65'533)) + "/#", topic) || topic.size() > 65'533);
}

}  // namespace fuzz
