#include "certs/host_name.h"

#include <algorithm>
#include <string>

#include <arpa/inet.h>

namespace certs {
namespace {

bool is_label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), is_label_character);
}

}  // namespace

bool is_host_name(std::string_view name) {
    if (name.size() > 253) return false;
    for (;;) {
        const std::size_t dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

bool is_ip_address(std::string_view text) {
    const std::string terminated(text);
    if (terminated.size() != std::string_view(terminated.c_str()).size()) return false;  // a NUL inside
    unsigned char address[16];
    return inet_pton(AF_INET, terminated.c_str(), address) == 1 ||
           inet_pton(AF_INET6, terminated.c_str(), address) == 1;
}

}  // namespace certs
