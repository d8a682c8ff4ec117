#include "server/murano/secret_text.h"

#include "server/murano/quote.h"

#include <algorithm>
#include <utility>

namespace murano {
namespace {

constexpr std::size_t token_length = 40;

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

struct Words {
    std::string message, hint;
};

Words words_of(const NearMiss& miss) {
    using Kind = NearMiss::Kind;
    const std::string device = quoted(miss.identity);
    switch (miss.kind) {
        case Kind::username_is_token:
            return {"Username is the token of " + device, "Send it as Password, with Username empty or the device id."};
        case Kind::client_id_is_token:
            return {"ClientID is the token of " + device, "Send it as Password, and leave the ClientID empty."};
        case Kind::own_id:
            return {"Password is the device id, not a credential",
                    "Provision the device, and send the token that comes back as Password."};
        case Kind::line_end:
            return {"it is the credential of " + device + " followed by a line end",
                    "Cut off the line end after reading the credential from a file or a prompt."};
        case Kind::spaces:
            return {"it is the credential of " + device + " with white space around it", "Cut off the white space."};
        case Kind::quotes:
            return {"it is the credential of " + device + " in quotes",
                    "Take the quotes away: they belong to the configuration file, not to the credential."};
        case Kind::cut_short:
            return {"it is the beginning of the credential of " + device + ", cut short",
                    "Make the buffer that holds it larger: a token has 40 characters."};
        case Kind::other_device:
            return {"it is the credential of " + device, "Use the credential that belongs to this device."};
        case Kind::other_connector:
            return {"it is the token of " + device + " in the connector " + quoted(miss.connector),
                    "Connect to that connector's host name, or provision the device in this one."};
        case Kind::revoked:
            return {"it is the token that " + device + " had before it was revoked or provisioned anew",
                    "Let the device forget it and provision again."};
        case Kind::username_case:
            return {"Username is " + device + " in other upper and lower case", "Write it exactly: case matters."};
        case Kind::username_spaces:
            return {"Username is " + device + " with white space around it", "Cut off the white space."};
    }
    return {};
}

// The near miss of a login by Password alone or of a known device [R12], and of one whose Username is no device's
// [R14].
struct Codes {
    std::string_view of_password, of_username;
};

Codes codes_of(NearMiss::Kind kind) {
    using Kind = NearMiss::Kind;
    switch (kind) {
        case Kind::username_is_token:
            return {{}, "R14.token_as_username"};
        case Kind::client_id_is_token:
            return {"R12.token_as_client_id", "R14.token_as_client_id"};
        case Kind::own_id:
            return {"R12.device_id_as_password", "R14.device_id_as_password"};
        case Kind::line_end:
            return {"R12.line_end", "R14.line_end"};
        case Kind::spaces:
            return {"R12.white_space", "R14.white_space"};
        case Kind::quotes:
            return {"R12.quotes", "R14.quotes"};
        case Kind::cut_short:
            return {"R12.cut_short", "R14.cut_short"};
        case Kind::other_device:
            return {"R12.other_device", "R14.other_device"};
        case Kind::other_connector:
            return {"R12.other_connector", "R14.other_connector"};
        case Kind::revoked:
            return {"R12.old_token", "R14.old_token"};
        case Kind::username_case:
            return {{}, "R14.username_case"};
        case Kind::username_spaces:
            return {{}, "R14.username_white_space"};
    }
    return {};
}

}  // namespace

bool looks_like_token(std::string_view text) {
    return text.size() == token_length && std::all_of(text.begin(), text.end(), is_alphanumeric);
}

std::string without_secret(std::string_view text, std::string_view secret, bool keep_length) {
    std::string out;
    std::size_t at = 0;
    for (auto found = text.find(secret); found != std::string_view::npos; found = text.find(secret, at)) {
        out += text.substr(at, found - at);
        if (keep_length) {
            out.append(secret.size(), '*');
        } else {
            out += hidden_text;
        }
        at = found + secret.size();
    }
    return out += text.substr(at);
}

std::optional<Trimmed> trim_credential(std::string_view text) {
    const std::string_view bare = trimmed(text);
    if (bare.size() < text.size()) {
        const bool line_end =
            text.find_first_of("\r\n",
                               bare.empty() ? 0 : static_cast<std::size_t>(bare.data() - text.data()) + bare.size()) !=
            std::string_view::npos;
        return Trimmed{line_end ? NearMiss::Kind::line_end : NearMiss::Kind::spaces, bare};
    }
    const bool quotes =
        bare.size() >= 2 && (bare.front() == '"' || bare.front() == '\'') && bare.back() == bare.front();
    if (quotes) return Trimmed{NearMiss::Kind::quotes, bare.substr(1, bare.size() - 2)};
    if (text.ends_with('\0')) return Trimmed{NearMiss::Kind::line_end, text.substr(0, text.find('\0'))};
    return std::nullopt;
}

Finding with_near_miss(Finding finding, const NearMiss& miss) {
    auto words = words_of(miss);
    const auto codes = codes_of(miss.kind);
    const auto code = finding.code.starts_with("R14.")   ? codes.of_username
                      : finding.code.starts_with("R12.") ? codes.of_password
                                                         : std::string_view();
    if (!code.empty()) finding.code = code;
    if (finding.message.ends_with('.')) finding.message.pop_back();
    finding.message += "; " + std::move(words.message) + ".";
    finding.hint = std::move(words.hint);
    return finding;
}

Finding publishes_own_credential() {
    return {"R12.publishes_credential", journal::Severity::violation, "The device publishes its own credential.",
            "Send the credential in CONNECT only: anyone who reads the device's data could log in with it."};
}

}  // namespace murano
