#include "server/api/base/account_tokens.h"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

namespace api {
namespace {

std::string digest(std::string_view token) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> result{};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), result.data());
    return {result.begin(), result.end()};
}

}  // namespace

void AccountTokens::add(std::string_view token, AccountToken account) {
    if (tokens_.size() >= most) {
        tokens_.erase(std::min_element(tokens_.begin(), tokens_.end(), [](const auto& a, const auto& b) {
            return a.second.expires_us < b.second.expires_us;
        }));
    }
    tokens_.insert_or_assign(digest(token), std::move(account));
}

std::optional<AccountToken> AccountTokens::find(std::string_view token, std::int64_t now_us) const {
    const auto found = tokens_.find(digest(token));
    if (found == tokens_.end() || found->second.expires_us <= now_us) return std::nullopt;
    return found->second;
}

bool AccountTokens::remove(std::string_view token) {
    const auto found = tokens_.find(digest(token));
    if (found == tokens_.end()) return false;
    tokens_.erase(found);
    return true;
}

}  // namespace api
