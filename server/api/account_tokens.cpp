#include "server/api/account_tokens.h"

#include <algorithm>

namespace api {

void AccountTokens::add(std::string token, AccountToken account) {
    if (tokens_.size() >= most) {
        tokens_.erase(std::min_element(tokens_.begin(), tokens_.end(), [](const auto& a, const auto& b) {
            return a.second.expires_us < b.second.expires_us;
        }));
    }
    tokens_.insert_or_assign(std::move(token), std::move(account));
}

std::optional<AccountToken> AccountTokens::find(std::string_view token, std::int64_t now_us) const {
    const auto found = tokens_.find(token);
    if (found == tokens_.end() || found->second.expires_us <= now_us) return std::nullopt;
    return found->second;
}

bool AccountTokens::remove(std::string_view token) {
    const auto found = tokens_.find(token);
    if (found == tokens_.end()) return false;
    tokens_.erase(found);
    return true;
}

}  // namespace api
