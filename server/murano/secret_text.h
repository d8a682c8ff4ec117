#pragma once
// Credentials in the wrong fields, and how near a refused credential was to the right one. [R12, D20] Pure; any thread.
// No secret is kept beyond the call.

#include "server/murano/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace murano {

inline constexpr std::string_view hidden_text = "****";

// 40 letters and digits, as in Murano's tokens.
bool looks_like_token(std::string_view text);

// `text` with each occurrence of `secret` (not empty) replaced by asterisks; `keep_length`: one for each byte.
std::string without_secret(std::string_view text, std::string_view secret, bool keep_length);

// How the credential sent differs from a valid one; found after the refusal.
struct NearMiss {
    enum class Kind : std::uint8_t {
        username_is_token,
        client_id_is_token,
        own_id,
        line_end,
        spaces,
        quotes,
        cut_short,
        other_device,
        other_connector,
        revoked,
        username_case,
        username_spaces,
    };
    Kind kind = Kind::own_id;
    std::string identity;   // the owner of the valid credential
    std::string connector;  // other_connector
};

// What surrounds a credential by mistake, and the text without it.
struct Trimmed {
    NearMiss::Kind kind;
    std::string_view text;
};
std::optional<Trimmed> trim_credential(std::string_view text);

// The finding of a refusal, extended by the likely mistake; its rule is the same.
Finding with_near_miss(Finding finding, const NearMiss& miss);

// A device that publishes its own credential.
Finding publishes_own_credential();

}  // namespace murano
