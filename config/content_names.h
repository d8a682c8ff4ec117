#pragma once
// What the name and the media type of a content item may be, whoever brings it: a settings file, the control side, a
// device. [R60]

#include <string_view>

namespace config {

// Not empty, and neither "." nor "..", which every HTTP client takes out of a path before it asks. Slashes are escaped
// in links, so that "a/../b" is one name.
bool is_content_id(std::string_view id);

// Printable ASCII, at most 255 bytes: it goes into header fields and lists. An empty one is allowed.
bool is_media_type(std::string_view type);

// What to say of one that is not.
inline constexpr const char* content_id_rule =
    "a content item cannot be named \".\" or \"..\": HTTP clients take both out of a path";
inline constexpr const char* media_type_rule =
    "a media type has at most 255 printable ASCII characters, such as image/png";

}  // namespace config
