#include "server/simulator/content_shelf.h"

#include "config/json_tree.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace simulator {
namespace {

using config::JsonNode;

constexpr std::size_t most_wanted = 100;
constexpr std::size_t most_had = 1'000;

std::string text_of(const JsonNode& node, std::string_view key) {
    const auto* member = node.find(key);
    return member != nullptr && member->is(JsonNode::Kind::string) ? member->text : std::string();
}

// A link is signed anew each time: the same item has another one.
template <typename Item>
std::string key(const Item& item) {
    return item.name + "/" + std::to_string(item.length);
}

}  // namespace

bool ContentShelf::take_list(std::string_view json) {
    const auto parsed = config::parse_json(json, config::JsonDialect::strict);
    if (!parsed.root || !parsed.faults.empty() || !parsed.root->is(JsonNode::Kind::array)) return false;
    const auto begun = fetching_ && !wanted_.empty() ? std::optional(wanted_.front()) : std::nullopt;
    auto before = std::exchange(wanted_, {});
    links_ = Links::good;
    if (begun) wanted_.push_back(*begun);
    for (const auto& node : parsed.root->items) {
        Item item{.name = text_of(node, "name"), .url = text_of(node, "url")};
        const auto* length = node.find("length");
        if (item.url.empty() || length == nullptr || wanted_.size() >= most_wanted) continue;
        const auto& digits = length->text;
        std::from_chars(digits.data(), digits.data() + digits.size(), item.length);
        if (had_.contains(key(item)) || (begun && key(*begun) == key(item))) continue;
        const auto known =
            std::find_if(before.begin(), before.end(), [&](const Item& one) { return key(one) == key(item); });
        if (known != before.end()) item.got = known->got;
        wanted_.push_back(std::move(item));
    }
    return true;
}

std::optional<DownloadOrder> ContentShelf::next(Steady now) {
    if (fetching_ || wanted_.empty() || links_ != Links::good || now < not_before_) return std::nullopt;
    fetching_ = true;
    const auto& item = wanted_.front();
    return DownloadOrder{item.url, item.got, item.length};
}

void ContentShelf::ended(DownloadEnd end, std::uint64_t got, Steady now, Chance& chance) {
    if (!std::exchange(fetching_, false) || wanted_.empty()) return;
    if (end == DownloadEnd::whole) {
        if (had_.size() < most_had) had_.insert(key(wanted_.front()));
        wanted_.pop_front();
        backoff_.reset();
        return;
    }
    wanted_.front().got = got;
    not_before_ = now + backoff_.pause(chance);
    if (end == DownloadEnd::refused) links_ = Links::refused;
}

std::optional<Steady> ContentShelf::next_try() const {
    if (fetching_ || wanted_.empty() || links_ == Links::asked_for) return std::nullopt;
    return not_before_;
}

}  // namespace simulator
