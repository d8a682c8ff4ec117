#include "protocol/topic_filter.h"

#include "protocol/utf8_string.h"

#include <cstddef>

namespace protocol {
namespace {

// The levels of a topic, one by one; an empty level counts, so even "" has one.
class Levels {
  public:
    explicit Levels(std::string_view topic) noexcept : rest_(topic) {}

    bool more() const noexcept { return more_; }

    std::string_view take() noexcept {
        const std::size_t slash = rest_.find('/');
        const std::string_view level = rest_.substr(0, slash);
        more_ = slash != std::string_view::npos;
        rest_.remove_prefix(more_ ? slash + 1 : rest_.size());
        return level;
    }

  private:
    std::string_view rest_;
    bool more_ = true;
};

bool valid_text(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 65'535 && check_text(text) <= TextQuality::doubtful;
}

}  // namespace

FilterFault check_wildcards(std::string_view filter) noexcept {
    if (!has_wildcard(filter)) return FilterFault::none;
    Levels levels(filter);
    while (levels.more()) {
        const std::string_view level = levels.take();
        if (level.find('#') != level.npos && (level.size() > 1 || levels.more())) return FilterFault::misplaced_hash;
        if (level.find('+') != level.npos && level.size() > 1) return FilterFault::misplaced_plus;
    }
    return FilterFault::none;
}

bool valid_topic_name(std::string_view topic) noexcept {
    return valid_text(topic) && !has_wildcard(topic);
}

FilterFault check_topic_filter(std::string_view filter) noexcept {
    return valid_text(filter) ? check_wildcards(filter) : FilterFault::bad_text;
}

bool matches(std::string_view filter, std::string_view topic) noexcept {
    if (topic.starts_with('$') && (filter.starts_with('#') || filter.starts_with('+'))) return false;
    Levels wanted(filter);
    Levels given(topic);
    while (wanted.more()) {
        const std::string_view level = wanted.take();
        if (level == "#") return true;  // the parent level too: "a/#" matches "a"
        if (!given.more()) return false;
        const std::string_view name = given.take();
        if (level != "+" && level != name) return false;
    }
    return !given.more();
}

}  // namespace protocol
