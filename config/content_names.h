#pragma once
// Which names and media types a content item may have, from a settings file, the control side or a device. [R60]

#include <string_view>

namespace config {

// Not empty, and neither "." nor "..", which every HTTP client removes from a path. Slashes are escaped in links, so
// "a/../b" is one name.
bool is_content_id(std::string_view id);

// Printable ASCII, at most 255 bytes: it goes into header fields and lists. An empty one is allowed.
bool is_media_type(std::string_view type);

// Messages for names that are not.
inline constexpr const char* content_id_rule =
    "a content item cannot be named \".\" or \"..\": HTTP clients take both out of a path";
inline constexpr const char* media_type_rule =
    "a media type has at most 255 printable ASCII characters, such as image/png";

}  // namespace config
