#pragma once
// Tokens issued by /api:1/token/. Kept in memory, as digests: after a restart tools log in again. Bounded.

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
    static constexpr std::size_t most = 1000;  // beyond this, the one that expires first is dropped

    void add(std::string_view token, AccountToken account);
    // nullopt: unknown or expired.
    std::optional<AccountToken> find(std::string_view token, std::int64_t now_us) const;
    bool remove(std::string_view token);

  private:
    // By digest, so that the time of a look-up reveals nothing about a token.
    std::map<std::string, AccountToken, std::less<>> tokens_;
};

}  // namespace api
