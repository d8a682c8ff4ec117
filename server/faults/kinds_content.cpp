#include "server/faults/kinds.h"

#include <array>

namespace faults {
namespace {

constexpr std::array<std::string_view, 3> requests{"content", "activate", "upload"};
constexpr std::array<std::string_view, 2> bodies{"empty", "garbage"};
constexpr std::array<std::string_view, 2> endings{"fin", "reset"};
constexpr std::array<std::string_view, 6> lists{"expired_urls", "wrong_length", "wrong_mime",
                                                "extra",        "malformed",    "empty"};

constexpr KeyRule item{
    Key::item, "name", KeyType::text, "the content item's id, with * at its end the beginning; none: any", 1, 255};

constexpr std::array status_keys{
    item,
    KeyRule{Key::status, "status", KeyType::number, "of the answer", 300, 599, {}, {}, true},
    KeyRule{Key::retry_after_s, "retry_after_s", KeyType::number, "Retry-After", 0, 86'400},
    KeyRule{Key::location, "location", KeyType::text, "Location", 1, 2'048},
    KeyRule{Key::request, "request", KeyType::choice, "which request", 0, 0, requests, "content"},
    KeyRule{Key::body, "body", KeyType::choice, "instead of a sentence", 0, 0, bodies}};
constexpr std::array cut_keys{
    item, KeyRule{Key::after_bytes, "after_bytes", KeyType::number, "of the body", 0, most_bytes, {}, {}, true},
    KeyRule{Key::how, "how", KeyType::choice, "how the connection ends", 0, 0, endings, "fin"}};
constexpr std::array flip_keys{
    item, KeyRule{Key::at, "at", KeyType::number, "which byte, from 0; the middle where absent", 0, most_bytes}};
constexpr std::array slow_keys{
    item, KeyRule{Key::bytes_per_s, "bytes_per_s", KeyType::number, "of the body", 1, most_rate, {}, {}, true}};
constexpr std::array item_keys{item};
constexpr std::array list_keys{
    KeyRule{Key::as, "as", KeyType::choice, "how the reply is", 0, 0, lists, {}, true},
    KeyRule{Key::count, "count", KeyType::number, "extra: made-up items", 1, 10'000, {}, "100"}};

constexpr std::array table{
    KindRule{Kind::http_status, "http_status", Layer::content, "The download is answered so.", status_keys},
    KindRule{Kind::body_cut, "body_cut", Layer::content, "The body ends early.", cut_keys},
    KindRule{Kind::body_flip, "body_flip", Layer::content, "One byte of the body is wrong.", flip_keys},
    KindRule{Kind::body_slow, "body_slow", Layer::content, "The body comes slowly.", slow_keys},
    KindRule{Kind::no_range, "no_range", Layer::content, "Range is ignored: 200 and the whole body.", item_keys},
    KindRule{Kind::content_changed, "content_changed", Layer::content,
             "From the second request on the body and its ETag are others.", item_keys},
    KindRule{Kind::content_list, "content_list", Layer::content, "The $content reply is so.", list_keys},
};

}  // namespace

std::span<const KindRule> content_kinds() {
    return table;
}

}  // namespace faults
