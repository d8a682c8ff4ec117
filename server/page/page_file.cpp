#include "server/page/page_file.h"

#include <algorithm>

namespace page {

const PageFile* find(std::string_view name) {
    const auto files = embedded();
    const auto found = std::find_if(files.begin(), files.end(), [&](const PageFile& one) { return one.name == name; });
    return found == files.end() ? nullptr : &*found;
}

}  // namespace page
