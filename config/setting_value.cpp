#include "config/setting_value.h"

#include "config/address.h"
#include "config/connector_seed_json.h"
#include "config/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace config {

namespace {

template <typename T>
constexpr bool is_vector = false;
template <typename T>
constexpr bool is_vector<std::vector<T>> = true;

template <typename Type>
bool has_type(const Setting& setting) {
    ServerSettings any;
    return std::holds_alternative<Type*>(setting.target(any));
}

std::optional<bool> parse_switch(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::array<std::string_view, 4> yes{"true", "1", "yes", "on"};
    constexpr std::array<std::string_view, 4> no{"false", "0", "no", "off"};
    if (std::find(yes.begin(), yes.end(), text) != yes.end()) return true;
    if (std::find(no.begin(), no.end(), text) != no.end()) return false;
    return std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view text, const Setting& setting) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    if (!whole || value < setting.min || value > setting.max) return std::nullopt;
    return value;
}

// set(value, text, row): false when the text does not fit.
template <typename E>
requires std::is_enum_v<E>
bool set(E& value, const std::string& text, const Setting&) {
    const std::optional<E> parsed = parse_enum<E>(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

bool set(bool& value, const std::string& text, const Setting&) {
    const std::optional<bool> parsed = parse_switch(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

bool set(std::uint64_t& value, const std::string& text, const Setting& setting) {
    const std::optional<std::uint64_t> parsed = parse_number(text, setting);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

bool set(std::optional<std::uint64_t>& value, const std::string& text, const Setting& setting) {
    const std::optional<std::uint64_t> parsed = parse_number(text, setting);
    if (parsed || text.empty()) value = parsed;
    return parsed || text.empty();
}

bool set(std::string& value, const std::string& text, const Setting& setting) {
    if (text.empty() ? !is_optional(setting) : setting.check != nullptr && !setting.check(text)) return false;
    value = text;
    return true;
}

bool set(Endpoint& value, const std::string& text, const Setting&) {
    const std::optional<Endpoint> parsed = parse_endpoint(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

bool set(PlainEndpoint& value, const std::string& text, const Setting&) {
    const std::optional<PlainEndpoint> parsed = parse_plain_endpoint(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

// What may stand in the place of this text.
std::string expected_instead(const Setting& setting, const std::string& text) {
    const bool endpoint = has_type<Endpoint>(setting) || has_type<std::vector<Endpoint>>(setting) ||
                          has_type<std::vector<PlainEndpoint>>(setting);
    if (endpoint && has_impossible_port(text.substr(0, text.find('=')))) return "a port of 0 to 65535";
    return expected_of(setting);
}

std::string text_of(bool value) {
    return value ? "true" : "false";
}
std::string text_of(std::uint64_t value) {
    return std::to_string(value);
}
std::string text_of(const std::optional<std::uint64_t>& value) {
    return value ? std::to_string(*value) : "";
}
std::string text_of(const std::string& value) {
    return value;
}
std::string text_of(const Endpoint& value) {
    return to_string(value);
}
std::string text_of(const PlainEndpoint& value) {
    return to_string(value);
}
template <typename E>
requires std::is_enum_v<E> std::string text_of(E value) {
    return std::string(to_string(value));
}

}  // namespace

bool is_switch(const Setting& setting) {
    return has_type<bool>(setting);
}

bool is_number(const Setting& setting) {
    return has_type<std::uint64_t>(setting) || has_type<std::optional<std::uint64_t>>(setting);
}

bool is_list(const Setting& setting) {
    return has_type<std::vector<Endpoint>>(setting) || has_type<std::vector<PlainEndpoint>>(setting);
}

bool is_optional(const Setting& setting) {
    return !is_list(setting) && default_text(setting).empty();
}

std::optional<Rejected> assign(const Setting& setting, ServerSettings& settings, std::span<const std::string> texts) {
    return std::visit(
        [&](auto* value) -> std::optional<Rejected> {
            using Type = std::remove_pointer_t<decltype(value)>;
            if constexpr (is_vector<Type>) {
                Type parsed(texts.size());
                for (std::size_t i = 0; i < texts.size(); ++i) {
                    if (!set(parsed[i], texts[i], setting)) return Rejected{i, expected_instead(setting, texts[i])};
                }
                *value = std::move(parsed);
            } else if (texts.size() != 1 || !set(*value, texts.front(), setting)) {
                return Rejected{0, expected_instead(setting, texts.empty() ? "" : texts.front())};
            }
            return std::nullopt;
        },
        setting.target(settings));
}

std::vector<std::string> value_texts(const Setting& setting, const ServerSettings& settings) {
    ServerSettings copy = settings;  // Target points to what may be written
    return std::visit(
        [](const auto* value) {
            std::vector<std::string> texts;
            if constexpr (is_vector<std::remove_const_t<std::remove_pointer_t<decltype(value)>>>) {
                for (const auto& element : *value) texts.push_back(text_of(element));
            } else {
                texts.push_back(text_of(*value));
            }
            return texts;
        },
        setting.target(copy));
}

std::string shown_value(const Setting& setting, const ServerSettings& settings) {
    std::string all;
    for (const std::string& text : value_texts(setting, settings)) all += (all.empty() ? "" : ", ") + text;
    if (all.empty()) return "none";
    return setting.secret ? std::string(masked_secret) : all;
}

JsonNode value_json(const Setting& setting, const ServerSettings& settings) {
    const std::vector<std::string> texts = value_texts(setting, settings);
    if (is_list(setting)) return JsonNode::array_of(texts);
    const std::string& text = texts.front();
    if (text.empty()) return JsonNode();
    if (is_switch(setting)) return JsonNode::of(text == "true");
    if (is_number(setting)) return JsonNode::number(text);
    return JsonNode::of(setting.secret ? masked_secret : text);
}

std::string default_text(const Setting& setting) {
    std::string all;
    for (const std::string& text : value_texts(setting, ServerSettings())) all += (all.empty() ? "" : ", ") + text;
    return all;
}

std::vector<std::string> choices_of(const Setting& setting) {
    ServerSettings any;
    return std::visit(
        [](auto* value) {
            using Type = std::remove_pointer_t<decltype(value)>;
            std::vector<std::string> names;
            if constexpr (std::is_enum_v<Type>) {
                for (const auto& entry : enum_names<Type>()) names.emplace_back(entry.name);
            }
            return names;
        },
        setting.target(any));
}

std::string expected_of(const Setting& setting) {
    if (is_switch(setting)) return "true or false";
    if (is_number(setting)) {
        return "a whole number, " + std::to_string(setting.min) + " to " + std::to_string(setting.max);
    }
    if (has_type<std::vector<PlainEndpoint>>(setting)) {
        return "ADDR:PORT or ADDR:PORT=CONNECTOR with an IP address, such as 127.0.0.1:1883=local";
    }
    if (has_type<Endpoint>(setting) || has_type<std::vector<Endpoint>>(setting)) {
        return "ADDR:PORT with an IP address, such as 127.0.0.1:8883 or [::]:8883";
    }
    if (!setting.expected.empty()) return std::string(setting.expected);
    std::string names;
    for (const std::string& name : choices_of(setting)) names += (names.empty() ? "one of " : ", ") + name;
    if (!names.empty()) return names;
    return is_optional(setting) ? "a text" : "a text that is not empty";
}

}  // namespace config
