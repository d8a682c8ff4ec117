#include "server/murano/token.h"

#include <array>
#include <string_view>

namespace murano {

std::string make_token(const RandomSource& random) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::size_t kFairBelow =
        256 / kAlphabet.size() * kAlphabet.size();  // above, some letters would come oftener
    std::string token;
    token.reserve(kTokenLength);
    std::array<std::uint8_t, 64> bytes{};
    while (token.size() < kTokenLength) {
        random(bytes);
        for (const std::uint8_t byte : bytes) {
            if (byte < kFairBelow && token.size() < kTokenLength) token += kAlphabet[byte % kAlphabet.size()];
        }
    }
    return token;
}

}  // namespace murano
