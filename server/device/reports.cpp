#include "server/device/reports.h"

#include "server/core/connector.h"
#include "server/murano/near_miss.h"

namespace device {

bool Reports::one(const Client& client, std::string_view alias, std::string_view payload, const About& about,
                  const runtime::Now& now) {
    const Message message{client, about, now};
    const auto* rules = client.connector->resources.find(alias);
    ranges_.push_back({now.wall_us, 0, 0});
    take(message, rules, alias,
         rules != nullptr ? murano::check_raw(*rules, payload) : murano::check_undefined_raw(alias, payload),
         now.wall_us);
    return finish(message);
}

bool Reports::many(const Client& client, std::string_view payload, const About& about, const runtime::Now& now) {
    return take_parsed({client, about, now}, murano::parse_report_many(payload, now.wall_us, buffer_));
}

bool Reports::batch(const Client& client, std::string_view payload, const About& about, const runtime::Now& now) {
    return take_parsed({client, about, now, true}, murano::parse_report_batch(payload, now.wall_us, buffer_));
}

bool Reports::take_parsed(const Message& message, const murano::ReportOutcome& outcome) {
    if (outcome.note) note(message, *outcome.note);
    if (outcome.refused) refuse(message, *outcome.refused);
    for (const auto& entry : buffer_.entries()) take_entry(message, entry);
    return finish(message);
}

void Reports::take_entry(const Message& message, const murano::ReportEntry& entry) {
    ranges_.push_back({entry.timestamp_us, named_.size(), 0});
    for (const auto& value : buffer_.values(entry)) {
        const auto* rules = message.client.connector->resources.find(value.alias);
        take(message, rules, value.alias,
             rules != nullptr ? murano::check_json(*rules, value.value)
                              : murano::check_undefined_json(value.alias, value.value),
             entry.timestamp_us);
    }
}

void Reports::take(const Message& message, const murano::ResourceRules* rules, std::string_view alias,
                   const murano::ValueCheck& check, std::int64_t timestamp_us) {
    if (const auto* finding = std::get_if<murano::Finding>(&check)) {
        refuse(message, *finding);
        return;
    }
    const auto& value = std::get<murano::AcceptedValue>(check);
    if (rules != nullptr) {
        const auto newest_us =
            state_.report(*message.client.device, *rules, value.text, timestamp_us, message.historical);
        if (newest_us && stale_.count++ == 0) stale_ = {1, rules->alias(), timestamp_us, *newest_us};
    } else {
        // [R37] no error: event, no state
        note_undefined(message, alias);
    }
    named_.push_back({alias, value.text, value.kind});
    ++ranges_.back().count;
}

void Reports::refuse(const Message& message, const murano::Finding& finding) {
    refused_ = true;
    note(message, finding);
}

// Its words look for the nearest defined alias, which is work: not for what is only counted.
void Reports::note_undefined(const Message& message, std::string_view alias) {
    if (findings_ >= murano::most_findings) {
        ++findings_;
    } else {
        note(message, murano::undefined_alias(alias, message.client.connector->resources));
    }
}

void Reports::note(const Message& message, const murano::Finding& finding) {
    if (++findings_ > murano::most_findings) return;
    recorder_.finding(message.client, finding, message.now, message.about);
}

// One data_in event per message, one element per entry. [R38]
bool Reports::finish(const Message& message) {
    for (const auto& range : ranges_) {
        if (range.count == 0) continue;
        reports_.push_back({range.timestamp_us, std::span(named_).subspan(range.first, range.count)});
    }
    if (!reports_.empty()) {
        recorder_.event(message.client, journal::EventType::data_in, message.now, journal::DataPayload{reports_});
    }
    if (stale_.count > 0) note(message, murano::state_kept(stale_));
    if (findings_ > murano::most_findings) {
        recorder_.finding(message.client, murano::more_findings(findings_ - murano::most_findings), message.now,
                          message.about);
    }
    reports_.clear();
    ranges_.clear();
    named_.clear();
    stale_ = {};
    findings_ = 0;
    const bool keep_open =
        !refused_ || message.client.connector->settings.quirks.invalid_value == config::Quirks::InvalidValue::ignore;
    refused_ = false;
    return keep_open;
}

}  // namespace device
