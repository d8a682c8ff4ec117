#include "server/device/packet_trace.h"

#include "protocol/describe.h"
#include "server/core/recorder.h"

#include <string>

namespace device {
namespace {

constexpr std::size_t shown_payload_bytes = 200;

std::string filters_of(const protocol::PacketDescription& packet) {
    std::string text;
    for (const auto& subscription : packet.filters) {
        if (!text.empty()) text += ' ';
        text.append(subscription.filter).append(":").append(std::to_string(subscription.qos));
    }
    return text;
}

std::string flags_of(const protocol::PacketDescription& packet) {
    if (packet.type != protocol::PacketType::publish) return {};
    std::string text = "qos" + std::to_string(packet.qos);
    if (packet.dup) text += " dup";
    if (packet.retain) text += " retain";
    return text;
}

}  // namespace

void log_packet(runtime::Log& log, const Client& client, bool outgoing, std::string_view packet) {
    const auto described = protocol::describe_packet(packet);
    const auto subject = Recorder::subject_of(client);
    const auto number = described.packet_id ? std::to_string(*described.packet_id) : std::string();
    const auto code = described.return_code ? std::to_string(*described.return_code) : std::string();
    const auto client_id = described.connect ? described.connect->client_id : std::string_view{};
    std::string what(outgoing ? "-> " : "<- ");
    what.append(protocol::packet_name(described.type));
    log.info(what, {{"id", number},
                    {"flags", flags_of(described)},
                    {"topic", described.topic},
                    {"payload", described.payload.substr(0, shown_payload_bytes)},
                    {"filters", filters_of(described)},
                    {"client_id", client_id},
                    {"code", code},
                    {"bytes", packet.size()},
                    {"connection", subject.connection_id},
                    {"connector", subject.connector},
                    {"identity", subject.identity}});
}

}  // namespace device
