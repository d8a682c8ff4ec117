#pragma once
// One event of every kind, for tests.

#include "server/journal/event.h"

#include <array>
#include <vector>

struct SampleEvents {
    std::array<journal::NamedValue, 3> values{{{"temperature", "73.16492", journal::ValueKind::number},
                                               {"name", "caf\xc3\xa9 \"x\"", journal::ValueKind::string},
                                               {"on", "true", journal::ValueKind::boolean}}};
    std::array<journal::NamedValue, 1> older{{{"temperature", "1e400", journal::ValueKind::number}}};
    std::array<journal::Report, 2> reports{{{1'700'000'000'000'000, values}, {1'600'000'000'000'000, older}}};

    static journal::Event base(journal::EventType type) {
        return {.type = type,
                .connector = "x2lmj5npsktbuik9",
                .identity = "12345",
                .connection_id = "abcdefghij0123456789",
                .ip = "127.0.0.1",
                .protocol = journal::Protocol::mqtt,
                .timestamp_us = 1'700'000'000'000'001,
                .real_timestamp_us = 1'700'000'000'000'002,
                .payload = {}};
    }
    static journal::Event with(journal::EventType type, journal::Payload payload) {
        journal::Event event = base(type);
        event.payload = payload;
        return event;
    }

    std::vector<journal::Event> all() const {
        using enum journal::EventType;
        journal::Event anonymous = base(connect);
        anonymous.identity = {};
        journal::Event cloud = with(data_out, journal::DataPayload{{reports.data(), 1}});
        cloud.connection_id = cloud.ip = {};
        cloud.protocol = journal::Protocol::control;
        return {
            base(connect),
            anonymous,
            with(disconnect, journal::DisconnectPayload{"server", "DUP with QoS 0"}),
            base(provisioned),
            with(data_in, journal::DataPayload{reports}),
            cloud,
            with(publish, journal::PublishPayload{"a/b", std::string_view("\0\xff", 2)}),
            with(content_in, journal::ContentPayload{"log.txt", 1ULL << 40U, "text/plain"}),
            base(deleted),
            base(expired),
            with(finding,
                 journal::FindingPayload{"R28.dup_with_qos_0", journal::Severity::violation, "DUP is set with QoS 0.",
                                         "Set DUP only when a QoS 1 message is sent again.", "PUBLISH",
                                         std::uint16_t{65535}, "$resource/data_in"}),
            with(finding,
                 journal::FindingPayload{"R15", journal::Severity::info, "anonymous", "", "", std::nullopt, ""}),
            with(fault, journal::FaultPayload{"lost-puback", "withhold", 3, "PUBACK", "$resource/data_in",
                                              "PUBACK 17 was withheld", "12345"}),
            with(verdict, journal::VerdictPayload{"7", "outcome", "CON-03", "", "passed", "It backs off."}),
            with(packet, journal::PacketPayload{true, std::string_view("\x30\x05\x00\x03"
                                                                       "a/b",
                                                                       7)}),
        };
    }
};
