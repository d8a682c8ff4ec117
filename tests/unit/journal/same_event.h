#pragma once
// Deep comparison of events for tests: views are compared by content.

#include "server/journal/event.h"

#include <string>

inline bool same(const journal::NamedValue& a, const journal::NamedValue& b) {
    return a.alias == b.alias && a.text == b.text && a.kind == b.kind;
}
inline bool same(const journal::Report& a, const journal::Report& b) {
    if (a.timestamp_us != b.timestamp_us || a.values.size() != b.values.size()) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        if (!same(a.values[i], b.values[i])) return false;
    }
    return true;
}
inline bool same(const journal::NoPayload&, const journal::NoPayload&) {
    return true;
}
inline bool same(const journal::DisconnectPayload& a, const journal::DisconnectPayload& b) {
    return a.closed_by == b.closed_by && a.reason == b.reason;
}
inline bool same(const journal::DataPayload& a, const journal::DataPayload& b) {
    if (a.reports.size() != b.reports.size()) return false;
    for (std::size_t i = 0; i < a.reports.size(); ++i) {
        if (!same(a.reports[i], b.reports[i])) return false;
    }
    return true;
}
inline bool same(const journal::PublishPayload& a, const journal::PublishPayload& b) {
    return a.topic == b.topic && a.payload == b.payload;
}
inline bool same(const journal::ContentPayload& a, const journal::ContentPayload& b) {
    return a.id == b.id && a.length == b.length && a.mime == b.mime;
}
inline bool same(const journal::FindingPayload& a, const journal::FindingPayload& b) {
    return a.code == b.code && a.severity == b.severity && a.message == b.message && a.hint == b.hint &&
           a.packet_type == b.packet_type && a.packet_id == b.packet_id && a.topic == b.topic;
}
inline bool same(const journal::PacketPayload& a, const journal::PacketPayload& b) {
    return a.outgoing == b.outgoing && a.raw == b.raw;
}
inline bool same(const journal::FaultPayload& a, const journal::FaultPayload& b) {
    return a.name == b.name && a.kind == b.kind && a.hit == b.hit && a.packet == b.packet && a.topic == b.topic &&
           a.detail == b.detail && a.claimed_identity == b.claimed_identity;
}
inline bool same(const journal::VerdictPayload& a, const journal::VerdictPayload& b) {
    return a.run == b.run && a.what == b.what && a.check == b.check && a.hook == b.hook && a.outcome == b.outcome &&
           a.message == b.message;
}
inline bool same(const journal::Event& a, const journal::Event& b) {
    if (a.type != b.type || a.connector != b.connector || a.identity != b.identity ||
        a.connection_id != b.connection_id || a.ip != b.ip || a.protocol != b.protocol ||
        a.timestamp_us != b.timestamp_us || a.real_timestamp_us != b.real_timestamp_us ||
        a.payload.index() != b.payload.index()) {
        return false;
    }
    return std::visit(
        [&b](const auto& payload) { return same(payload, std::get<std::decay_t<decltype(payload)>>(b.payload)); },
        a.payload);
}
