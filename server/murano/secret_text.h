#pragma once
// Credentials in fields where they do not belong, and how near a refused credential was to the right one. [R12, D20]
// Pure; any thread. Nothing here holds or shows a secret for longer than the call.

#include "server/murano/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace murano {

inline constexpr std::string_view hidden_text = "****";

// 40 letters and digits, as the tokens are that Murano gives out.
bool looks_like_token(std::string_view text);

// `text` with every occurrence of `secret` (not empty) hidden by asterisks; `keep_length`: as many as it had bytes.
std::string without_secret(std::string_view text, std::string_view secret, bool keep_length);

// What distinguishes what was sent from what would have been right; decided after the refusal.
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
    std::string identity;   // whose credential it would have been
    std::string connector;  // other_connector
};

// What was wrong at the ends of a credential, and what is left without it; nothing where nothing is.
struct Trimmed {
    NearMiss::Kind kind;
    std::string_view text;
};
std::optional<Trimmed> trim_credential(std::string_view text);

// The finding of a refusal, which now says how near it was; its rule is the same.
Finding with_near_miss(Finding finding, const NearMiss& miss);

// A device that publishes its own credential.
Finding publishes_own_credential();

}  // namespace murano
