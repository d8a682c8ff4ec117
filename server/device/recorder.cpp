#include "server/device/recorder.h"

#include "server/device/connector.h"
#include "server/journal/event_names.h"

namespace device {
namespace {

runtime::LogLevel level_of(journal::Severity severity) {
    return severity == journal::Severity::info ? runtime::LogLevel::info : runtime::LogLevel::warn;
}

}  // namespace

Subject Recorder::subject_of(const Link& link) {
    return {.connector = link.facts.connector,
            .identity = link.device != nullptr ? std::string_view(link.device->row.identity) : std::string_view{},
            .connection_id = link.facts.connection_id,
            .ip = link.facts.ip,
            .protocol = journal::Protocol::mqtt};
}

void Recorder::event(const Link& link, journal::EventType type, const runtime::Now& now,
                     const journal::Payload& payload) {
    event(subject_of(link), type, now, payload);
}

void Recorder::event(const Subject& subject, journal::EventType type, const runtime::Now& now,
                     const journal::Payload& payload) {
    context_.metrics.count_event(journal::type_index(type));
    context_.commits.event({.type = type,
                            .connector = subject.connector,
                            .identity = subject.identity,
                            .connection_id = subject.connection_id,
                            .ip = subject.ip,
                            .protocol = subject.protocol,
                            .timestamp_us = now.wall_us,
                            .real_timestamp_us = now.real_us,
                            .payload = payload});
}

void Recorder::finding(const Link& link, const murano::Finding& finding, const runtime::Now& now, const About& about) {
    this->finding(subject_of(link), finding, now, about);
}

void Recorder::finding(const Subject& subject, const murano::Finding& finding, const runtime::Now& now,
                       const About& about) {
    context_.metrics.count_finding(journal::severity_index(finding.severity));
    context_.log.write(level_of(finding.severity), finding.message,
                       {{"rule", finding.rule},
                        {"hint", finding.hint},
                        {"packet", about.packet_type},
                        {"topic", about.topic},
                        {"connection", subject.connection_id},
                        {"connector", subject.connector},
                        {"identity", subject.identity}});
    event(subject, journal::EventType::finding, now,
          journal::FindingPayload{.rule = finding.rule,
                                  .severity = finding.severity,
                                  .message = finding.message,
                                  .hint = finding.hint,
                                  .packet_type = about.packet_type,
                                  .packet_id = about.packet_id,
                                  .topic = about.topic});
}

}  // namespace device
