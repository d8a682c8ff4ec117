#pragma once
// Properties of Murano's rules for any input bytes. Each function aborts if one fails. Used by the fuzz targets on
// mutations and by the unit tests on the seeds.

#include "config/number_text.h"
#include "server/murano/decimal.h"
#include "server/murano/identity_rules.h"
#include "server/murano/report_parser.h"
#include "server/murano/subscription_rules.h"
#include "server/murano/topic_commands.h"
#include "server/murano/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

namespace murano_properties {

inline void require(bool holds) {
    if (!holds) std::abort();
}

// A sentence is short, valid UTF-8 and has no control character, for any device input.
inline void require_sentence(const murano::Finding& finding) {
    for (const std::string& text : {finding.message, finding.hint}) {
        require(text.size() < 1000 && murano::valid_utf8(text));
        for (std::size_t i = 0; i < text.size(); ++i) require(!murano::is_control(text, i));
    }
}

inline void require_buffer(const murano::ReportBuffer& buffer, const murano::ReportOutcome& outcome,
                           std::string_view payload) {
    if (outcome.refused) {
        require_sentence(*outcome.refused);
        require(buffer.entries().empty() && buffer.values().empty());
    }
    std::size_t next = 0;
    for (const murano::ReportEntry& entry : buffer.entries()) {
        require(entry.first == next && entry.timestamp_us >= 0);
        next += entry.count;
    }
    require(next == buffer.values().size());
    for (const murano::ReportValue& value : buffer.values()) {
        require(murano::valid_utf8(value.alias) && murano::valid_utf8(value.value.text));
        require(value.value.text.size() <= payload.size());
        if (value.value.kind == murano::JsonKind::number) require(config::is_json_number(value.value.text));
    }
}

inline void reports(std::string_view payload) {
    murano::ReportBuffer buffer;
    require_buffer(buffer, murano::parse_report_many(payload, 1, buffer), payload);
    require_buffer(buffer, murano::parse_report_batch(payload, 1'700'000'000'000'000, buffer), payload);
}

inline void topics(std::string_view topic) {
    const murano::Client clients[] = {{}, {"12345"}};
    for (const murano::Client& client : clients) {
        const murano::PublishCommand command = murano::classify_publish(topic, client);
        if (const auto* refused = std::get_if<murano::Unentitled>(&command)) require_sentence(refused->finding);
        std::string provision_id;
        const auto decision = murano::decide_filter(topic, client, {}, provision_id);
        require(decision.granted || decision.finding.has_value());
        require(!client.anonymous() || !decision.granted || topic == "$provision/" + provision_id);
        if (decision.finding) require_sentence(*decision.finding);
    }
    if (const auto finding = murano::suspicious_topic(topic, "12345")) require_sentence(*finding);
}

// Input: one byte selects type, casing and length; the id; a line end and the prefix, if any.
inline void identities(std::string_view input) {
    const std::size_t choice = input.empty() ? 0 : static_cast<unsigned char>(input.front());
    if (!input.empty()) input.remove_prefix(1);
    const std::string_view id = input.substr(0, input.find('\n'));
    config::IdentityFormat format;
    format.type = static_cast<config::IdentityType>(choice % 7);
    format.casing = static_cast<config::Casing>(choice / 7 % 3);
    format.length = static_cast<std::uint32_t>(choice / 21);
    if (id.size() < input.size()) format.prefix = input.substr(id.size() + 1);
    const auto finding = murano::check_identity(format, id);
    if (finding)
        require_sentence(*finding);
    else
        require(!id.empty() && id.size() <= 255 && id.starts_with(format.prefix) && murano::valid_utf8(id));
}

// Two lines, compared if both are numbers.
inline void decimals(std::string_view input) {
    const std::string_view first = input.substr(0, input.find('\n'));
    const std::string_view second = first.size() < input.size() ? input.substr(first.size() + 1) : first;
    if (!config::is_json_number(first) || !config::is_json_number(second)) return;
    const auto order = murano::compare_numbers(first, second);
    const auto reverse = murano::compare_numbers(second, first);
    require((order < 0) == (reverse > 0) && (order == 0) == (reverse == 0));
    require(murano::compare_numbers(first, first) == 0);
    if (first.find_first_of("eE") == std::string_view::npos) {
        require(murano::compare_numbers(first, std::string(first) + "e0") == 0);
    }
    const double left = std::strtod(std::string(first).c_str(), nullptr);
    const double right = std::strtod(std::string(second).c_str(), nullptr);
    if (left < right) require(order < 0);  // rounding keeps the order, though it may make unequal numbers equal
    if (left > right) require(order > 0);
}

}  // namespace murano_properties
