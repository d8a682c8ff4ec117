#pragma once
// The only place for the names of the settings' enums, as used in files, flags, the API and the database.

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

// The name, or "?" for a number without enumerator.
template <typename E>
requires std::is_enum_v<E> std::string_view to_string(E value) {
    for (const auto& entry : enum_names<E>()) {
        if (entry.value == value) return entry.name;
    }
    return "?";
}

// Exact spelling and case.
template <typename E>
requires std::is_enum_v<E> std::optional<E> parse_enum(std::string_view name) {
    for (const auto& entry : enum_names<E>()) {
        if (entry.name == name) return entry.value;
    }
    return std::nullopt;
}

// The names joined by `separator`: `token, password, certificate`.
template <typename E>
requires std::is_enum_v<E> std::string enum_choices(std::string_view separator = ", ") {
    std::string all;
    for (const auto& entry : enum_names<E>()) {
        if (!all.empty()) all += separator;
        all += entry.name;
    }
    return all;
}

// As parse_enum, plus Murano's legacy `cik`, which means token.
std::optional<AuthType> parse_auth_type(std::string_view name);

// Allowed values of protocol.name; the first is MQTT's, `onep` and `mqtt` are deprecated spellings.
std::span<const std::string_view> protocol_names();

// Allowed values of tls.min_version in a custom policy.
std::span<const std::string_view> tls_versions();

}  // namespace config
