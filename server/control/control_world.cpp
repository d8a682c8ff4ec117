// Journal, time, reset, metrics: what the control side asks of the whole.

#include "server/control/control_service.h"
#include "server/core/connector.h"
#include "server/journal/event_codec.h"
#include "server/murano/http_refusal.h"
#include "server/runtime/metrics.h"

#include <algorithm>
#include <utility>

namespace device {
namespace {

// A block that a giant message is in, which is its last event and begins within the first 64 KiB: to read all of it for
// a list that shows 64 KiB would hold up everybody.
constexpr std::uint64_t giant_block_bytes = 4 * 1024 * 1024;
constexpr std::uint64_t beginning_bytes = 1024 * 1024;

// Not where a report is cut off: its values cannot be shown in part.
bool is_readable(const storage::JournalBlock& block) {
    journal::EventReader reader(block.bytes, block.cut);
    while (reader.next()) {
    }
    return !reader.damaged();
}

}  // namespace

ControlService::ControlService(const Parts& parts)
    : parts_(parts), changes_(parts_.context, parts_.table, parts_.lifecycle) {
    parts_.context.commits.observe([this](bool ok, bool events) {
        if (ok && events) wake_watches();
    });
    parts_.snapshots.tell([this] { wake_watches(); });
}

void ControlService::wake_watches() {
    const auto watches = watches_;  // a wake-up may watch or unwatch
    for (const auto& [id, wake] : watches) {
        if (watches_.contains(id)) wake();
    }
}

// A block whose events are all hidden comes as an empty one: the reader goes on behind it.
std::vector<storage::JournalBlock> ControlService::journal_blocks(std::int64_t after, std::uint32_t limit) {
    const auto& hidden = parts_.hidden;
    auto blocks = parts_.context.reader.journal(std::max(after, hidden.all_up_to()), limit);
    for (auto& block : blocks) {
        if (block.first_cursor <= hidden.none_behind()) block.bytes = hidden.visible(block.bytes);
    }
    return blocks;
}

std::optional<storage::JournalBlock> ControlService::journal_beginning(std::int64_t after) {
    const auto& hidden = parts_.hidden;
    auto block = parts_.context.reader.journal_beginning(std::max(after, hidden.all_up_to()), giant_block_bytes,
                                                         beginning_bytes);
    if (!block) return std::nullopt;
    const bool may_hide = block->first_cursor <= hidden.none_behind();
    if (block->cut > 0 && (may_hide || !is_readable(*block))) {
        auto whole = journal_blocks(after, 1);
        return whole.empty() ? std::nullopt : std::optional(std::move(whole.front()));
    }
    if (may_hide) block->bytes = hidden.visible(block->bytes);
    return block;
}

std::int64_t ControlService::newest_cursor() {
    return parts_.context.commits.newest_cursor();
}

std::uint64_t ControlService::dropped_events() {
    return parts_.context.reader.journal_totals().dropped;
}

std::uint64_t ControlService::watch_events(std::function<void()> wake) {
    watches_.emplace(next_watch_, std::move(wake));
    return next_watch_++;
}

void ControlService::unwatch_events(std::uint64_t watch) {
    watches_.erase(watch);
}

ClockView ControlService::clock(std::string_view connector) {
    const auto reading = parts_.context.clock.reading(connector);
    return {reading.now_us, reading.offset_us, reading.frozen};
}

void ControlService::keep_clock() {
    parts_.context.commits.change(storage::PutMeta{std::string(clock_key), parts_.context.clock.save()});
}

Failure ControlService::change_clock(std::string_view connector, const ClockChange& change) {
    auto& clock = parts_.context.clock;
    if (change.now_us && change.offset_us) {
        return ControlError{ErrorKind::bad_request, "Give now_us or offset_us, not both.", "$.offset_us"};
    }
    if (change.frozen == true) clock.freeze(connector);
    if (change.now_us) clock.set(*change.now_us, connector);
    if (change.offset_us) clock.set_offset(*change.offset_us, connector);
    if (change.frozen == false) clock.unfreeze(connector);
    keep_clock();
    parts_.expiry.run();
    return std::nullopt;
}

Failure ControlService::advance_clock(std::string_view connector, std::int64_t by_us) {
    parts_.context.clock.advance(by_us, connector);
    keep_clock();
    parts_.expiry.run();
    return std::nullopt;
}

void ControlService::reset_clock(std::string_view connector) {
    parts_.context.clock.reset(connector);
    keep_clock();
    parts_.expiry.run();
}

Failure ControlService::reset(std::string_view connector, std::string_view identity) {
    ResetParts parts{parts_.context, parts_.table, parts_.lifecycle, parts_.seeds,
                     parts_.expiry,  parts_.files, parts_.hidden};
    return device::reset(parts, connector, identity);
}

Activated ControlService::activate(const Activation& request) {
    auto* connector = parts_.table.find_or_make_connector(request.connector);
    if (connector == nullptr) return {murano::NoProvisioning::not_found, "There is no such connector."};
    const auto at = now(request.connector);
    const Origin origin{connector->id, request.connection_id, request.ip};
    const Client client{.origin = origin, .connector = connector, .protocol = journal::Protocol::http};
    const auto decision = parts_.provisioner.decide(client, {request.identity, request.password}, at);
    if (const auto* finding = murano::finding_of(decision)) {
        auto subject = Recorder::subject_of(client);
        subject.identity = request.identity;  // it speaks for whom it names, granted or not
        parts_.recorder.finding(subject, *finding, at);
    }
    if (const auto* refused = std::get_if<murano::ProvisionRefused>(&decision)) {
        return {refused->why, refused->finding.message};
    }
    const auto& accepted = std::get<murano::ProvisionAccepted>(decision);
    auto credential = parts_.provisioner.grant(client, request.identity, accepted, at);
    came_by(*connector, request.identity, request.host);
    const bool told = accepted.reply == murano::ProvisionReply::credential;  // [R64]
    return {std::nullopt, told ? std::move(credential) : std::string()};
}

std::optional<std::string> ControlService::authenticate(const HttpCredential& credential) {
    auto identity = parts_.logins.authenticate(credential, now(credential.connector));
    auto* connector = identity ? parts_.table.find_connector(credential.connector) : nullptr;
    if (connector != nullptr) came_by(*connector, *identity, credential.host);
    return identity;
}

// [R60] Behind a mapped port only the device knows by which port it comes.
void ControlService::came_by(Connector& connector, std::string_view identity, const std::string& host) {
    if (host.empty()) return;
    if (auto* device = parts_.table.find(connector, identity)) device->http_host = host;
}

void ControlService::http_refused(const HttpRefusal& refusal) {
    parts_.recorder.finding(Subject{refusal.connector, {}, refusal.connection_id, refusal.ip, journal::Protocol::http},
                            murano::http_refusal({refusal.method, refusal.path, refusal.status, refusal.cause}),
                            now(refusal.connector));
}

std::string ControlService::metrics_text() {
    auto snapshot = runtime::MetricsSnapshot(parts_.context.metrics);
    snapshot.failed_commits = parts_.context.commits.statistics().failed_commits;
    snapshot.queued_bytes = parts_.context.commits.queued_bytes();
    snapshot.journal_dropped = dropped_events();
    snapshot.resident_bytes = runtime::resident_memory_bytes();
    snapshot.process_start_us = started_us_;
    snapshot.version = version_;
    for (const auto& [id, connector] : parts_.table.connectors()) {
        for (const auto* link : connector->links) snapshot.outbox_bytes += link->peer.waiting_bytes();
    }
    return runtime::render_prometheus(snapshot);
}

}  // namespace device
