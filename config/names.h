#pragma once
// The one place where the settings' enums get the names that files, flags, the API and the database use.

#include "config/connector_settings.h"
#include "config/settings.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace config {

template <typename E>
struct EnumName {
    E value;
    std::string_view name;
};

// Defined in names.cpp for every enum of connector_settings.h and settings.h, and for no other.
template <typename E>
std::span<const EnumName<E>> enum_names();

template <>
std::span<const EnumName<AuthType>> enum_names();
template <>
std::span<const EnumName<ResourceFormat>> enum_names();
template <>
std::span<const EnumName<TlsPolicyName>> enum_names();
template <>
std::span<const EnumName<IdentityType>> enum_names();
template <>
std::span<const EnumName<Casing>> enum_names();
template <>
std::span<const EnumName<Quirks::Will>> enum_names();
template <>
std::span<const EnumName<Quirks::ClientId>> enum_names();
template <>
std::span<const EnumName<Quirks::UnentitledPublish>> enum_names();
template <>
std::span<const EnumName<Quirks::InvalidValue>> enum_names();
template <>
std::span<const EnumName<Quirks::PasswordReply>> enum_names();
template <>
std::span<const EnumName<Quirks::ProvisionRefusal>> enum_names();
template <>
std::span<const EnumName<Quirks::PatchResources>> enum_names();
template <>
std::span<const EnumName<Durability>> enum_names();
template <>
std::span<const EnumName<LogLevel>> enum_names();
template <>
std::span<const EnumName<LogFormat>> enum_names();

// The name, or "?" for a number that is no enumerator.
template <typename E>
requires std::is_enum_v<E> std::string_view to_string(E value) {
    for (const auto& entry : enum_names<E>()) {
        if (entry.value == value) return entry.name;
    }
    return "?";
}

// Exact spelling, case matters.
template <typename E>
requires std::is_enum_v<E> std::optional<E> parse_enum(std::string_view name) {
    for (const auto& entry : enum_names<E>()) {
        if (entry.name == name) return entry.value;
    }
    return std::nullopt;
}

// The names with `separator` between them: `token, password, certificate`.
template <typename E>
requires std::is_enum_v<E> std::string enum_choices(std::string_view separator = ", ") {
    std::string all;
    for (const auto& entry : enum_names<E>()) {
        if (!all.empty()) all += separator;
        all += entry.name;
    }
    return all;
}

// As parse_enum, and Murano's legacy `cik`, which means token.
std::optional<AuthType> parse_auth_type(std::string_view name);

// What protocol.name may be; the first is the one of MQTT, `onep` and `mqtt` are deprecated spellings.
std::span<const std::string_view> protocol_names();

// What tls.min_version of a custom policy may be.
std::span<const std::string_view> tls_versions();

}  // namespace config
