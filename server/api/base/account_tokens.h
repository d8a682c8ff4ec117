#pragma once
// Tokens that /api:1/token/ gave out. They live in memory, as digests: after a restart tools log in again. Bounded.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace api {

struct AccountToken {
    std::string email;
    std::int64_t expires_us = 0;
};

class AccountTokens {
  public:
    static constexpr std::size_t most = 1000;  // the one that expires first makes room

    void add(std::string_view token, AccountToken account);
    // nullopt: unknown or expired.
    std::optional<AccountToken> find(std::string_view token, std::int64_t now_us) const;
    bool remove(std::string_view token);

  private:
    // By digest: how long a look-up takes tells nothing about a token.
    std::map<std::string, AccountToken, std::less<>> tokens_;
};

}  // namespace api
