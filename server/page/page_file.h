#pragma once
// The files of the page, which the binary holds. Immutable; any thread.

#include <span>
#include <string_view>

namespace page {

struct PageFile {
    std::string_view name;  // "app.js"
    std::string_view media_type;
    std::string_view version;  // changes with the content; fits in an ETag
    std::string_view plain;
    std::string_view packed;  // by gzip
};

std::span<const PageFile> embedded();         // the source is made by cmake/embed.cmake
const PageFile* find(std::string_view name);  // nullptr: there is none

}  // namespace page
