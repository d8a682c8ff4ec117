#include "server/net/first_bytes.h"

#include <algorithm>

namespace net {
namespace {

bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

}  // namespace

bool begins_like_http(std::string_view first) {
    if (first.empty()) return false;
    if ((first[0] >= 'A' && first[0] <= 'Z') || first[0] == '\r' || first[0] == '\n') return true;
    // A PUBREL or PUBCOMP that comes first begins with 'b' or 'p' too, and then says how long it is: 2.
    return first.size() >= 3 && std::all_of(first.begin(), first.begin() + 3, is_small);
}

}  // namespace net
