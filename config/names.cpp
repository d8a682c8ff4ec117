#include "config/names.h"

#include <array>

namespace config {

template <>
std::span<const EnumName<AuthType>> enum_names() {
    static constexpr std::array<EnumName<AuthType>, 3> names{
        {{AuthType::token, "token"}, {AuthType::password, "password"}, {AuthType::certificate, "certificate"}}};
    return names;
}

template <>
std::span<const EnumName<ResourceFormat>> enum_names() {
    static constexpr std::array<EnumName<ResourceFormat>, 3> names{
        {{ResourceFormat::string, "string"}, {ResourceFormat::number, "number"}, {ResourceFormat::boolean, "boolean"}}};
    return names;
}

template <>
std::span<const EnumName<TlsPolicyName>> enum_names() {
    static constexpr std::array<EnumName<TlsPolicyName>, 3> names{{{TlsPolicyName::tls_v1_2, "TLSv1.2"},
                                                                   {TlsPolicyName::tls_v1_0, "TLSv1.0"},
                                                                   {TlsPolicyName::custom, "custom"}}};
    return names;
}

template <>
std::span<const EnumName<IdentityType>> enum_names() {
    static constexpr std::array<EnumName<IdentityType>, 7> names{{{IdentityType::opaque, "opaque"},
                                                                  {IdentityType::base10, "base10"},
                                                                  {IdentityType::base16, "base16"},
                                                                  {IdentityType::mac_colon, "mac:48"},
                                                                  {IdentityType::mac_dash, "mac-48"},
                                                                  {IdentityType::mac_dot, "mac.48"},
                                                                  {IdentityType::uuidv4, "uuidv4"}}};
    return names;
}

template <>
std::span<const EnumName<Casing>> enum_names() {
    static constexpr std::array<EnumName<Casing>, 3> names{
        {{Casing::lower, "lower"}, {Casing::upper, "upper"}, {Casing::mixed, "mixed"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::Will>> enum_names() {
    static constexpr std::array<EnumName<Quirks::Will>, 2> names{
        {{Quirks::Will::process, "process"}, {Quirks::Will::ignore, "ignore"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::ClientId>> enum_names() {
    static constexpr std::array<EnumName<Quirks::ClientId>, 2> names{
        {{Quirks::ClientId::any, "any"}, {Quirks::ClientId::documented, "documented"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::UnentitledPublish>> enum_names() {
    using Quirk = Quirks::UnentitledPublish;
    static constexpr std::array<EnumName<Quirk>, 2> names{{{Quirk::drop, "drop"}, {Quirk::disconnect, "disconnect"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::InvalidValue>> enum_names() {
    using Quirk = Quirks::InvalidValue;
    static constexpr std::array<EnumName<Quirk>, 2> names{
        {{Quirk::ignore, "ignore"}, {Quirk::disconnect, "disconnect"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::PasswordReply>> enum_names() {
    using Quirk = Quirks::PasswordReply;
    static constexpr std::array<EnumName<Quirk>, 2> names{{{Quirk::none, "none"}, {Quirk::empty, "empty"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::ProvisionRefusal>> enum_names() {
    using Quirk = Quirks::ProvisionRefusal;
    static constexpr std::array<EnumName<Quirk>, 2> names{
        {{Quirk::silent, "silent"}, {Quirk::disconnect, "disconnect"}}};
    return names;
}

template <>
std::span<const EnumName<Quirks::PatchResources>> enum_names() {
    using Quirk = Quirks::PatchResources;
    static constexpr std::array<EnumName<Quirk>, 2> names{{{Quirk::replace, "replace"}, {Quirk::merge, "merge"}}};
    return names;
}

template <>
std::span<const EnumName<Durability>> enum_names() {
    static constexpr std::array<EnumName<Durability>, 2> names{
        {{Durability::normal, "normal"}, {Durability::full, "full"}}};
    return names;
}

template <>
std::span<const EnumName<LogLevel>> enum_names() {
    static constexpr std::array<EnumName<LogLevel>, 5> names{{{LogLevel::error, "error"},
                                                              {LogLevel::warn, "warn"},
                                                              {LogLevel::info, "info"},
                                                              {LogLevel::debug, "debug"},
                                                              {LogLevel::trace, "trace"}}};
    return names;
}

template <>
std::span<const EnumName<LogFormat>> enum_names() {
    static constexpr std::array<EnumName<LogFormat>, 3> names{
        {{LogFormat::automatic, "auto"}, {LogFormat::text, "text"}, {LogFormat::json, "json"}}};
    return names;
}

std::optional<AuthType> parse_auth_type(std::string_view name) {
    return name == "cik" ? AuthType::token : parse_enum<AuthType>(name);
}

std::span<const std::string_view> protocol_names() {
    static constexpr std::array<std::string_view, 4> names{"murano:v1/mqtt", "onep:v1/http", "mqtt", "onep"};
    return names;
}

std::span<const std::string_view> tls_versions() {
    static constexpr std::array<std::string_view, 4> names{"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    return names;
}

}  // namespace config
