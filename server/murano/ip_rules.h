#pragma once
// A list of addresses and CIDR blocks, IPv4 and IPv6, prepared once. [R53] Immutable; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace murano {

class IpRules {
  public:
    IpRules() = default;  // nothing
    // Entries that are neither address nor block match nothing; config has refused them before.
    explicit IpRules(const std::vector<std::string>& entries);

    // An IPv4 address equals its IPv6-mapped form. False if it is not an address.
    bool contains(std::string_view address) const;

  private:
    using Bytes = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
    struct Block {
        Bytes bytes{};
        unsigned prefix = 0;  // number of significant bits
    };
    static std::optional<Block> parse_address(std::string_view text);
    static std::optional<Block> parse_block(std::string_view text);
    static bool holds(const Block& block, const Bytes& address);

    std::vector<Block> blocks_;
};

}  // namespace murano
