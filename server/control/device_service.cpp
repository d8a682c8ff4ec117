#include "server/control/device_service.h"

#include "protocol/describe.h"
#include "server/core/connector.h"
#include "server/device/packet_trace.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace device {
namespace {

murano::Finding silent_too_long() {
    return {"MQTT-3.1.2-24.silent_too_long", journal::Severity::warning,
            "Nothing came for one and a half times the Keep Alive; the connection was closed.",
            "Send PINGREQ when there is nothing else to send, or announce a longer Keep Alive."};
}

// As much as a small commit and the page of a checkpoint take.
bool can_write_in(const std::filesystem::path& folder) {
    const auto file = folder / "space-check";
    std::error_code ignored;
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << std::string(64 * std::size_t{1024}, '\0');
    out.close();
    std::filesystem::remove(file, ignored);
    return !out.fail();
}

}  // namespace

DeviceService::DeviceService(Context context)
    : context_(std::move(context)),
      recorder_(context_),
      table_(context_),
      sessions_(context_),
      delivery_(context_, recorder_),
      state_(context_, recorder_, delivery_),
      lifecycle_(context_, table_, recorder_, sessions_),
      provisioner_({context_, table_, recorder_}),
      hidden_text_(table_),
      login_doubts_(table_),
      logins_({context_, table_, recorder_, sessions_, state_, lifecycle_, provisioner_, hidden_text_, login_doubts_}),
      reports_(recorder_, state_, context_.options.reports),
      content_list_(context_, recorder_, delivery_),
      inbound_({context_, recorder_, delivery_, reports_, provisioner_, content_list_, lifecycle_}),
      subscriber_(context_, recorder_, sessions_),
      seeds_(context_, table_, state_, context_.folders.content),
      expiry_(context_, table_, lifecycle_),
      files_(context_, context_.folders.content),
      snapshots_({context_, table_, sessions_, lifecycle_, expiry_, files_, hidden_}),
      control_({context_, table_, recorder_, delivery_, state_, sessions_, lifecycle_, provisioner_, logins_, seeds_,
                expiry_, files_, hidden_, snapshots_}) {
    snapshots_.read_hidden_events();
    lifecycle_.publish_wills_with(
        [this](Link& link, const Will& will, const runtime::Now& at) { inbound_.will(link, will, at); });
    context_.commits.observe([this](bool ok, bool) { committed(ok); });
}

void DeviceService::committed(bool ok) {
    snapshots_.committed(ok);
    if (ok) {
        table_.release_idle();
        return;
    }
    // Memory is ahead of the store now: end everything, and begin again from what is kept.
    context_.log.error("a commit failed: all connections are closed, nothing of it was acknowledged");
    sessions_lost_ = true;
    end_all(CloseReason::commit_failed);
    snapshots_.begin_again();
}

bool DeviceService::connect(Link& link, const protocol::Connect& connect) {
    return logins_.connect(link, connect, now(link));
}

void DeviceService::publish(Link& link, const protocol::Publish& publish) {
    if (link.state != Link::State::connected) return;
    hidden_text_.learn_topic(link.client, publish.topic);
    inbound_.publish(link, publish, now(link));
}

void DeviceService::subscribe(Link& link, const protocol::Subscribe& subscribe) {
    if (link.state != Link::State::connected) return;
    for (const auto& subscription : subscribe.filters) hidden_text_.learn_topic(link.client, subscription.filter);
    subscriber_.subscribe(link, subscribe, now(link));
}

void DeviceService::unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe) {
    if (link.state == Link::State::connected) subscriber_.unsubscribe(link, unsubscribe, now(link));
}

void DeviceService::unexpected_puback(Link& link, std::uint16_t packet_id) {
    recorder_.finding(
        link.client,
        {"R29.unexpected_puback", journal::Severity::warning,
         "PUBACK is ignored: Murano never sends QoS 1 to a device.", "Acknowledge only messages that came with QoS 1."},
        now(link), {"PUBACK", packet_id, {}});
}

void DeviceService::violation(Link& link, const protocol::Violation& violation) {
    recorder_.finding(
        link.client,
        {violation.code, journal::Severity::violation, std::string(violation.message), std::string(violation.hint)},
        now(link), {protocol::packet_name(violation.type), violation.packet_id, violation.topic});
}

void DeviceService::doubtful_text(Link& link, const About& about) {
    recorder_.finding(link.client,
                      {"R5.control_characters", journal::Severity::warning,
                       "A string contains control characters or non-characters; MQTT allows a server to close for "
                       "that, this one does not.",
                       "Keep strings to printable characters."},
                      now(link), about);
}

bool DeviceService::journals_packets(const Link& link) const {
    // Before the login too, when nobody knows yet that the connector will come into being.
    return link.client.connector != nullptr ? link.client.connector->settings.journal_packets
                                            : table_.settings_or_defaults(link.facts.connector).journal_packets;
}

bool DeviceService::wants_packets(const Link& link) const {
    return context_.options.log_packets || journals_packets(link);
}

void DeviceService::packet(Link& link, bool outgoing, std::string_view raw) {
    if (!outgoing) hidden_text_.learn_packet(link.client, raw);
    auto masked = protocol::mask_secrets(std::string(raw));
    if (!link.client.hidden.empty()) masked = without_hidden(link.client, masked, true);
    if (context_.options.log_packets) log_packet(context_.log, link.client, outgoing, masked);
    if (!journals_packets(link)) return;
    recorder_.event(link.client, journal::EventType::packet, now(link), journal::PacketPayload{outgoing, masked});
}

void DeviceService::closed(Link& link, CloseReason reason) {
    if (link.state == Link::State::connected && reason == CloseReason::keep_alive) {
        recorder_.finding(link.client, silent_too_long(), now(link));
    }
    if (link.state != Link::State::ended) lifecycle_.end(link, reason, now(link));
}

void DeviceService::handshake_failed(const HandshakeFailure& failure) {
    const bool quiet = failure.severity == journal::Severity::info;
    const auto log_level = quiet ? std::optional(runtime::LogLevel::debug) : std::nullopt;
    recorder_.finding(Subject{failure.connector, {}, failure.connection_id, failure.ip, journal::Protocol::mqtt},
                      {failure.code, failure.severity, std::string(failure.sentence), std::string(failure.hint)},
                      context_.clock.now(failure.connector), {}, log_level);
}

const config::ConnectorSettings& DeviceService::settings_of(std::string_view connector) {
    return table_.settings_or_defaults(connector);
}

void DeviceService::end_all(CloseReason reason) {
    for (const auto& [id, connector] : table_.connectors()) {
        const auto at = context_.clock.now(id);
        while (!connector->links.empty()) lifecycle_.close(**connector->links.begin(), reason, at);
    }
}

void DeviceService::reload(const config::ConnectorSettings& defaults, const Seeds::Map& seeds) {
    context_.options.connector_defaults = defaults;
    seeds_.use(seeds);
    seeds_.apply_all();
}

void DeviceService::tick() {
    if (context_.commits.paused()) return;
    // Not at once after the failure: on a full disk that would fail again and again.
    if (sessions_lost_ && context_.commits.idle()) {
        sessions_.end_lost(table_);
        sessions_lost_ = false;
    }
    expiry_.run();
    if (context_.commits.failing() && context_.commits.idle()) try_to_write();
}

// A server that nobody writes to would be failing for ever: health keeps everybody away. A commit that fails costs all
// devices their connections, so a file is tried first.
void DeviceService::try_to_write() {
    if (std::exchange(trying_to_write_, true)) return;
    auto could = std::make_shared<bool>(false);
    context_.background([could, folder = context_.database.file.parent_path()] { *could = can_write_in(folder); },
                        [this, could] {
                            trying_to_write_ = false;
                            if (!*could || !context_.commits.failing()) return;
                            context_.commits.change(storage::PutMeta{std::string(clock_key), context_.clock.save()});
                        });
}

void DeviceService::shut_down() {
    end_all(CloseReason::shutdown);
}

}  // namespace device
