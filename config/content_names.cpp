#include "config/content_names.h"

#include <algorithm>
#include <cstddef>

namespace config {
namespace {

constexpr std::size_t longest_type = 255;

}  // namespace

bool is_content_id(std::string_view id) {
    return !id.empty() && id != "." && id != "..";
}

bool is_media_type(std::string_view type) {
    return type.size() <= longest_type &&
           std::all_of(type.begin(), type.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace config
