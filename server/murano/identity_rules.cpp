#include "server/murano/identity_rules.h"

#include "server/murano/quote.h"
#include "server/murano/utf8.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace murano {
namespace {

using config::Casing;
using config::IdentityFormat;
using config::IdentityType;

constexpr std::size_t kLongestIdentity = 255;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Finding bad(std::string_view code, std::string_view id, const std::string& what, std::string hint) {
    return {code, journal::Severity::violation, "The id " + quoted(id) + " is not valid: " + what + ".",
            std::move(hint)};
}

bool has_control(std::string_view id) {
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (is_control(id, i)) return true;
    }
    return false;
}

std::optional<Finding> check_bytes(std::string_view id) {
    if (id.empty())
        return bad("R49.empty_id", id, "it is empty", "Put the device's id after the slash: $provision/12345.");
    if (id.size() > kLongestIdentity)
        return bad("R49.id_too_long", id, "it is longer than 255 bytes", "Use a shorter id.");
    if (id.find_first_of("/+#") != std::string_view::npos) {
        return bad("R49.topic_character", id, "it contains a /, + or #",
                   "Leave out the characters that have a meaning in topics.");
    }
    if (!valid_utf8(id) || has_control(id)) {
        return bad("R49.control_characters", id, "it contains control characters or is not UTF-8",
                   "Look for a line end read along with the id.");
    }
    return std::nullopt;
}

// A pattern: 'h' is a hexadecimal digit, 'v' one of 89abAB, everything else stands for itself.
std::string_view pattern_of(IdentityType type) {
    switch (type) {
        case IdentityType::mac_colon:
            return "hh:hh:hh:hh:hh:hh";
        case IdentityType::mac_dash:
            return "hh-hh-hh-hh-hh-hh";
        case IdentityType::mac_dot:
            return "hhhh.hhhh.hhhh";
        case IdentityType::uuidv4:
            return "hhhhhhhh-hhhh-4hhh-vhhh-hhhhhhhhhhhh";
        default:
            return "";
    }
}

std::string_view example_of(IdentityType type) {
    switch (type) {
        case IdentityType::base10:
            return "a decimal number such as 00123";
        case IdentityType::base16:
            return "hexadecimal digits such as 00ef12";
        case IdentityType::mac_colon:
            return "a MAC address such as 00:ee:ff:01:02:03";
        case IdentityType::mac_dash:
            return "a MAC address such as 00-ee-ff-01-02-03";
        case IdentityType::mac_dot:
            return "a MAC address such as 00ee.ff01.0203";
        case IdentityType::uuidv4:
            return "a version 4 UUID such as 3f0c2b6e-9d1a-4c5f-8e7b-2a6d4f1c9b30";
        case IdentityType::opaque:
            break;
    }
    return "any text";
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
    return std::equal(pattern.begin(), pattern.end(), text.begin(), text.end(), [](char wanted, char c) {
        if (wanted == 'h') return is_hex(c);
        if (wanted == 'v') return std::string_view("89abAB").find(c) != std::string_view::npos;
        return wanted == c;
    });
}

bool fits_type(IdentityType type, std::string_view text) {
    if (type == IdentityType::opaque) return true;
    if (type == IdentityType::base10) return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
    if (type == IdentityType::base16) return !text.empty() && std::all_of(text.begin(), text.end(), is_hex);
    return matches_pattern(pattern_of(type), text);
}

std::string uppered(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::optional<Finding> check_casing(const IdentityFormat& format, std::string_view id, std::string_view text) {
    const bool has_casing = format.type != IdentityType::opaque && format.type != IdentityType::base10;
    if (!has_casing || format.casing == Casing::mixed) return std::nullopt;
    const bool lower = format.casing == Casing::lower;
    const std::string wanted = lower ? lowered(text) : uppered(text);
    if (wanted == text) return std::nullopt;
    return bad("R49.id_case", id, std::string("its letters must be ") + (lower ? "lower" : "upper") + " case",
               "Write it as " + quoted(format.prefix + wanted) + ".");
}

std::optional<Finding> check_length(const IdentityFormat& format, std::string_view id, std::string_view text) {
    const bool has_length = format.type == IdentityType::base10 || format.type == IdentityType::base16;
    if (!has_length || format.length == 0 || text.size() == format.length) return std::nullopt;
    return bad("R49.id_length", id,
               "it has " + std::to_string(text.size()) + " digits, not " + std::to_string(format.length),
               text.size() < format.length ? "Add leading zeros." : "Use a shorter id.");
}

std::optional<Finding> check_type(const IdentityFormat& format, std::string_view id, std::string_view text) {
    if (fits_type(format.type, text)) return std::nullopt;
    const std::string what = "the connector wants " + std::string(example_of(format.type)) +
                             (format.prefix.empty() ? "" : " behind the prefix " + quoted(format.prefix));
    const bool spaced = fits_type(format.type, trimmed(text));
    return bad(spaced ? "R49.white_space" : "R49.id_type", id, what,
               spaced ? "Leave out the white space." : "Use such an id, or change identity_format in the settings.");
}

}  // namespace

std::optional<Finding> check_identity(const IdentityFormat& format, std::string_view id) {
    if (auto finding = check_bytes(id)) return finding;
    if (!id.starts_with(format.prefix)) {
        return bad("R49.id_prefix", id, "it does not begin with the prefix " + quoted(format.prefix),
                   lowered(id).starts_with(lowered(format.prefix)) ? "The case of the prefix matters."
                                                                   : "Put the prefix in front of the id.");
    }
    const std::string_view text = id.substr(format.prefix.size());
    if (auto finding = check_type(format, id, text)) return finding;
    if (auto finding = check_casing(format, id, text)) return finding;
    return check_length(format, id, text);
}

}  // namespace murano
