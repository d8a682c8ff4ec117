#pragma once
// A connector of the settings file: its settings, and what is created in it if missing.

#include "config/connector_settings.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace config {

struct IdentitySeed {
    std::optional<AuthType> auth_type;      // nullopt: whitelisted only, without a credential
    std::string key;                        // token, password or certificate in PEM, a secret; empty: none yet
    std::optional<std::int64_t> expire_us;  // end of the activation window [R55]
    bool locked = false;
    std::map<std::string, Scalar, std::less<>> state;  // first values: `set` if settable, else `reported`
    bool operator==(const IdentitySeed&) const = default;
};

// Either `file` or `text` gives the bytes.
struct ContentSeed {
    std::string file;  // path, already resolved against the settings file's folder
    std::optional<std::string> text;
    std::string mime = "application/octet-stream";
    bool operator==(const ContentSeed&) const = default;
};

struct ConnectorSeed {
    ConnectorSettings settings;
    std::map<std::string, IdentitySeed, std::less<>> identities;
    std::map<std::string, ContentSeed, std::less<>> content;
    bool operator==(const ConnectorSeed&) const = default;
};

}  // namespace config
