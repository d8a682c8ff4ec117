#include "server/report/findings.h"

#include "server/journal/event_json.h"

#include <algorithm>
#include <utility>

namespace report {
namespace {

constexpr std::size_t shortest_timestamp = 6;  // digits

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool belongs_to_a_name(char before) {
    return before == '_' || (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
           static_cast<unsigned char>(before) >= 0x80;
}

// What findings of one entry have in common. No part holds a 0x00: a sentence is text, and a topic has none. [R6]
std::string key_of(const journal::Event& event, const journal::FindingPayload& finding) {
    const auto who = event.identity.empty() ? finding.claimed_identity : event.identity;
    std::string key;
    for (const std::string_view part :
         {event.connector, who, who.empty() ? event.ip : std::string_view(), finding.code, finding.packet_type}) {
        key.append(part).push_back('\0');
    }
    key.push_back(static_cast<char>(finding.severity));
    key.append(without_numbers(finding.topic)).push_back('\0');
    return key + without_numbers(finding.message);
}

}  // namespace

std::string without_numbers(std::string_view sentence) {
    std::string text;
    text.reserve(sentence.size());
    for (std::size_t at = 0; at < sentence.size();) {
        if (!is_digit(sentence[at])) {
            text += sentence[at++];
            continue;
        }
        const auto end = std::min(sentence.find_first_not_of("0123456789", at), sentence.size());
        const bool named = !text.empty() && belongs_to_a_name(text.back()) && end - at < shortest_timestamp;
        named ? text.append(sentence.substr(at, end - at)) : text.append("#");
        at = end;
    }
    return text;
}

Tally& Counts::of(journal::Severity severity) {
    switch (severity) {
        case journal::Severity::violation:
            return violations;
        case journal::Severity::warning:
            return warnings;
        case journal::Severity::info:
            break;
    }
    return infos;
}

void Findings::add(const journal::Recorded& recorded) {
    const auto* finding = std::get_if<journal::FindingPayload>(&recorded.event.payload);
    if (finding == nullptr) return;
    auto& tally = counts_.of(finding->severity);
    ++tally.findings;
    auto key = folding_ == Folding::none ? std::string() : key_of(recorded.event, *finding);
    if (const auto known = places_.find(key); known != places_.end()) {
        auto& entry = entries_[known->second];
        ++entry.count;
        entry.last_us = recorded.event.timestamp_us;
        return;
    }
    ++tally.entries;
    if (bytes_ >= most_bytes_) {
        ++counts_.left_out;
        return;
    }
    begin_entry(std::move(key), recorded);
}

void Findings::begin_entry(std::string key, const journal::Recorded& recorded) {
    Entry entry;
    journal::append_json(entry.example, recorded, most_payload_);
    entry.first_us = entry.last_us = recorded.event.timestamp_us;
    bytes_ += sizeof(Entry) + entry.example.size() + 2 * key.size();
    if (folding_ == Folding::one_for_each_mistake) places_.emplace(std::move(key), entries_.size());
    entries_.push_back(std::move(entry));
}

}  // namespace report
