#include "server/core/recorder.h"

#include "server/core/connector.h"
#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"
#include "server/journal/finding_code.h"
#include "server/verdict/observer.h"

namespace device {
namespace {

runtime::LogLevel level_of(journal::Severity severity) {
    return severity == journal::Severity::info ? runtime::LogLevel::info : runtime::LogLevel::warn;
}

struct Told {
    const journal::Payload& payload;
    std::int64_t now_us;
    std::uint64_t cursor;
};

// What a run that judges devices wants of the journal: reports that were taken, findings, hits of faults.
void tell_observer(verdict::Observer& observer, const Subject& subject, const Told& told) {
    verdict::Sighting sighting{.connection = subject.connection_id,
                               .connector = subject.connector,
                               .identity = subject.identity,
                               .ip = subject.ip,
                               .cursor = told.cursor};
    const auto tell = [&](verdict::Seen seen) {
        sighting.seen = std::move(seen);
        observer.saw(sighting);
    };
    if (const auto* finding = std::get_if<journal::FindingPayload>(&told.payload))
        tell(verdict::Found{.rule = journal::rule_of(finding->code),
                            .code = journal::is_code(finding->code) ? finding->code : std::string_view(),
                            .info = finding->severity == journal::Severity::info,
                            .message = finding->message,
                            .hint = finding->hint});
    if (const auto* fault = std::get_if<journal::FaultPayload>(&told.payload))
        tell(verdict::FaultHit{fault->name, fault->kind});
    const auto* data = std::get_if<journal::DataPayload>(&told.payload);
    if (data == nullptr || subject.protocol != journal::Protocol::mqtt) return;
    for (const auto& report : data->reports) {
        const bool of_batch = report.timestamp_us != told.now_us;
        for (const auto& value : report.values)
            tell(verdict::Reported{value.alias, value.text,
                                   of_batch ? std::optional(report.timestamp_us) : std::nullopt, told.now_us});
    }
}

}  // namespace

Subject Recorder::subject_of(const Client& client) {
    return {.connector = client.origin.connector,
            .identity = client.device != nullptr ? std::string_view(client.device->row.identity) : std::string_view{},
            .connection_id = client.origin.connection_id,
            .ip = client.origin.ip,
            .protocol = client.protocol};
}

void Recorder::event(const Client& client, journal::EventType type, const runtime::Now& now,
                     const journal::Payload& payload) {
    event(subject_of(client), type, now, payload);
    if (const auto* data = std::get_if<journal::DataPayload>(&payload); type == journal::EventType::data_in) {
        day_log_.values(
            subject_of(client), *data, [&client](auto text) { return without_hidden(client, text); }, now);
    }
}

void Recorder::event(const Subject& subject, journal::EventType type, const runtime::Now& now,
                     const journal::Payload& payload) {
    context_.metrics.count_event(journal::type_index(type));
    const journal::Event event{.type = type,
                               .connector = subject.connector,
                               .identity = subject.identity,
                               .connection_id = subject.connection_id,
                               .ip = subject.ip,
                               .protocol = subject.protocol,
                               .timestamp_us = now.wall_us,
                               .real_timestamp_us = now.real_us,
                               .payload = payload};
    const auto cursor = context_.commits.event(event);
    if (!verdict::looks(context_.observer)) return;
    tell_observer(*context_.observer, subject, {payload, now.wall_us, static_cast<std::uint64_t>(cursor)});
    context_.observer->recorded({cursor, event});
}

void Recorder::finding(const Client& client, const murano::Finding& finding, const runtime::Now& now,
                       const About& about) {
    if (client.hidden.empty()) {
        this->finding(subject_of(client), finding, now, about);
        return;
    }
    auto shown = finding;
    shown.message = without_hidden(client, finding.message);
    shown.hint = without_hidden(client, finding.hint);
    const auto topic = without_hidden(client, about.topic);
    const auto claimed = without_hidden(client, about.claimed_identity);
    this->finding(subject_of(client), shown, now, {about.packet_type, about.packet_id, topic, claimed});
}

void Recorder::finding(const Subject& subject, const murano::Finding& finding, const runtime::Now& now,
                       const About& about, std::optional<runtime::LogLevel> log_level) {
    context_.metrics.count_finding(journal::severity_index(finding.severity));
    day_log_.finding(log_level.value_or(level_of(finding.severity)), subject, finding, about, now);
    event(subject, journal::EventType::finding, now,
          journal::FindingPayload{.code = finding.code,
                                  .severity = finding.severity,
                                  .message = finding.message,
                                  .hint = finding.hint,
                                  .packet_type = about.packet_type,
                                  .packet_id = about.packet_id,
                                  .topic = about.topic,
                                  .claimed_identity = about.claimed_identity});
}

}  // namespace device
