#include "server/core/day_log.h"

#include "server/core/recorder.h"
#include "server/journal/finding_code.h"

namespace device {
namespace {

using runtime::LogLevel;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t between_repeats = 10 * second;
constexpr std::uint64_t lines_per_second = 20;
constexpr std::size_t most_repeats = 1'000;
constexpr std::size_t most_text = 80, most_value = 40;  // bytes of a line, and of a value in it
constexpr std::size_t most_read = 4096;                 // of a value, to find secrets that it begins with

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// What repeats has other numbers in it: times, lengths, packet ids.
std::string key_of(const Subject& subject, const murano::Finding& finding) {
    std::string key;
    for (const auto part : {subject.connector, subject.identity, finding.code}) {
        key.append(part).push_back('\0');
    }
    if (subject.identity.empty()) key.append(subject.ip);
    for (const char c : std::string_view(finding.message)) {
        if (!is_digit(c)) key.push_back(c);
    }
    return key;
}

// "data_in temperature=21 humidity=40"; a long report ends in "…".
std::string text_of(const journal::DataPayload& data, const DayLog::Shown& shown) {
    std::string text = "data_in";
    for (const auto& report : data.reports) {
        for (const auto& value : report.values) {
            if (text.size() > most_text) return text + " …";
            const auto plain = shown(value.text.substr(0, most_read));
            text.append(" ").append(value.alias).append("=").append(plain, 0, most_value);
            if (plain.size() > most_value) text.append("…");
        }
    }
    return text;
}

}  // namespace

void DayLog::values(const Subject& subject, const journal::DataPayload& data, const Shown& shown,
                    const runtime::Now& now) {
    if (!log_.enabled(LogLevel::info) || !value_line_allowed(now)) return;
    log_.info(
        text_of(data, shown),
        {{"connection", subject.connection_id}, {"connector", subject.connector}, {"identity", subject.identity}});
}

bool DayLog::value_line_allowed(const runtime::Now& now) {
    if (now.real_us - second_us_ >= second || now.real_us < second_us_) {
        if (left_out_ > 0) log_.info("data_in: more reports without a line", {{"reports", left_out_}});
        second_us_ = now.real_us;
        lines_ = left_out_ = 0;
    }
    if (lines_ == lines_per_second) {
        ++left_out_;
        return false;
    }
    ++lines_;
    return true;
}

void DayLog::finding(LogLevel level, const Subject& subject, const murano::Finding& finding, const About& about,
                     const runtime::Now& now) {
    if (!log_.enabled(level)) return;
    if (!log_.enabled(LogLevel::debug) && !is_new(level, subject, finding, now)) return;
    log_.write(level, finding.message,
               {{"rule", journal::rule_of(finding.code)},
                {"hint", finding.hint},
                {"packet", about.packet_type},
                {"topic", about.topic},
                {"connection", subject.connection_id},
                {"connector", subject.connector},
                {"identity", subject.identity},
                {"claimed_identity", about.claimed_identity}});
}

bool DayLog::is_new(LogLevel level, const Subject& subject, const murano::Finding& finding, const runtime::Now& now) {
    if (repeats_.size() == most_repeats) repeats_.clear();
    const auto [place, is_new] = repeats_.try_emplace(key_of(subject, finding));
    auto& repeats = place->second;
    if (is_new) {
        const auto rule = journal::rule_of(finding.code);
        repeats = {
            std::string(subject.connector), std::string(subject.identity), std::string(rule), level, 0, now.real_us};
        return true;
    }
    ++repeats.untold;
    if (now.real_us - repeats.told_us < between_repeats && now.real_us >= repeats.told_us) return false;
    repeats.told_us = now.real_us;
    tell(repeats);
    return false;
}

void DayLog::tell(Repeats& repeats) {
    const auto times =
        repeats.untold == 1 ? std::string(" again") : " again, " + std::to_string(repeats.untold) + " times";
    log_.write(repeats.level, repeats.rule + times, {{"connector", repeats.connector}, {"identity", repeats.identity}});
    repeats.untold = 0;
}

void DayLog::left(const Subject& subject) {
    for (auto& [key, repeats] : repeats_) {
        if (repeats.untold > 0 && repeats.identity == subject.identity && repeats.connector == subject.connector) {
            tell(repeats);
        }
    }
}

}  // namespace device
