#include "server/murano/ip_rules.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include <arpa/inet.h>

namespace murano {
namespace {

constexpr unsigned kAllBits = 128;
constexpr unsigned kMappedBits = 96;  // in front of an IPv4 address that is written as IPv6

}  // namespace

// `prefix` of the result: the bits of the address family in front of the address itself.
std::optional<IpRules::Block> IpRules::parse_address(std::string_view text) {
    const std::string address(text.substr(0, std::min(text.find('%'), std::size_t{64})));  // without a zone
    Block block;
    if (inet_pton(AF_INET6, address.c_str(), block.bytes.data()) == 1) return block;
    if (inet_pton(AF_INET, address.c_str(), block.bytes.data() + 12) != 1) return std::nullopt;
    block.bytes[10] = 0xFF;
    block.bytes[11] = 0xFF;
    block.prefix = kMappedBits;
    return block;
}

std::optional<IpRules::Block> IpRules::parse_block(std::string_view text) {
    const std::size_t slash = text.find('/');
    auto block = parse_address(text.substr(0, slash));
    if (!block) return std::nullopt;
    unsigned bits = kAllBits - block->prefix;
    if (slash != std::string_view::npos) {
        const char* end = text.data() + text.size();
        unsigned wanted = 0;
        const auto parsed = std::from_chars(text.data() + slash + 1, end, wanted);
        if (parsed.ec != std::errc() || parsed.ptr != end || wanted > bits) return std::nullopt;
        bits = wanted;
    }
    block->prefix += bits;
    return block;
}

bool IpRules::holds(const Block& block, const Bytes& address) {
    const std::size_t whole = block.prefix / 8;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), block.bytes.begin()))
        return false;
    const unsigned rest = block.prefix % 8;
    return rest == 0 || (address[whole] >> (8 - rest)) == (block.bytes[whole] >> (8 - rest));
}

IpRules::IpRules(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        if (const auto block = parse_block(entry)) blocks_.push_back(*block);
    }
}

bool IpRules::contains(std::string_view address) const {
    const auto parsed = parse_address(address);
    if (!parsed) return false;
    return std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) { return holds(block, parsed->bytes); });
}

}  // namespace murano
