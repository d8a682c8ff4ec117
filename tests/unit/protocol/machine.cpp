#include "tests/unit/protocol/machine.h"

#include "tests/support/packet_builder.h"

#include <memory>

namespace test {
namespace {

using namespace protocol;

std::string flag(const char* name, unsigned value) {
    return std::string(" ") + name + "=" + std::to_string(value);
}

std::string quoted(const char* name, std::string_view text) {
    return (std::string(" ") + name + "='").append(text) + "'";
}

struct Text {
    bool whole = true;

    std::string operator()(const NeedMore&) const { return "need more"; }
    std::string operator()(const PingRequest&) const { return "PINGREQ"; }
    std::string operator()(const DisconnectRequest&) const { return "DISCONNECT"; }
    std::string operator()(const IgnoredPuback& ack) const { return "PUBACK" + flag("id", ack.packet_id); }

    std::string operator()(const ConnectRequest& request) const {
        const Connect& c = request.connect;
        std::string text = "CONNECT" + quoted("name", c.protocol_name) + flag("level", c.level) +
                           flag("clean", c.clean_session) + flag("keep_alive", c.keep_alive_s) +
                           quoted("client", c.client_id) + flag("doubtful", c.doubtful_text);
        if (c.will) {
            text += quoted("will_topic", c.will->topic) + " will=" + to_hex(c.will->payload) +
                    flag("will_qos", c.will->qos) + flag("will_retain", c.will->retain);
        }
        if (c.username) text += quoted("user", *c.username);
        if (c.password) text += " password=" + to_hex(*c.password);
        return text;
    }

    std::string operator()(const PublishRequest& request) const {
        const Publish& p = request.publish;
        return "PUBLISH" + flag("dup", p.dup) + flag("qos", p.qos) + flag("retain", p.retain) +
               flag("id", p.packet_id) + quoted("topic", p.topic) + " payload=" + to_hex(p.payload) +
               flag("doubtful", p.doubtful_text);
    }

    std::string operator()(const SubscribeRequest& request) const {
        std::string text = "SUBSCRIBE" + flag("id", request.subscribe.packet_id);
        for (const auto& wanted : request.subscribe.filters) {
            text += quoted("filter", wanted.filter) + flag("qos", wanted.qos);
        }
        return text + flag("doubtful", request.subscribe.doubtful_text);
    }

    std::string operator()(const UnsubscribeRequest& request) const {
        std::string text = "UNSUBSCRIBE" + flag("id", request.unsubscribe.packet_id);
        for (const auto filter : request.unsubscribe.filters) text += quoted("filter", filter);
        return text + flag("doubtful", request.unsubscribe.doubtful_text);
    }

    std::string operator()(const Violation& v) const {
        std::string text = std::string("violation ").append(v.code) + " " + std::string(packet_name(v.type));
        if (v.connack) text += flag("connack", static_cast<unsigned>(*v.connack));
        if (!whole) return text;
        if (v.packet_id) text += flag("id", *v.packet_id);
        return text + (v.topic.empty() ? "" : quoted("topic", v.topic));
    }
};

}  // namespace

std::string to_text(const Action& action) {
    return std::visit(Text{true}, action);
}

std::string to_short_text(const Action& action) {
    return std::visit(Text{false}, action);
}

void Machine::record(const Action& action) {
    log.push_back(to_text(action));
    short_log.push_back(to_short_text(action));
    packets.emplace_back(connection.last_packet());
    if (const auto* violation = std::get_if<Violation>(&action)) violations.push_back(*violation);
}

void Machine::feed(std::string_view bytes) {
    // A block of its own, without a terminating zero: a read too far is seen by the address sanitizer.
    const std::string all = left.append(bytes);
    const auto block = std::make_unique<char[]>(all.size());
    all.copy(block.get(), all.size());
    std::string_view input(block.get(), all.size());
    for (;;) {
        const Action action = connection.next(input, now);
        if (std::holds_alternative<NeedMore>(action)) break;
        record(action);
        if (!std::holds_alternative<ConnectRequest>(action)) continue;
        const auto keep_alive = std::get<ConnectRequest>(action).connect.keep_alive_s;
        if (answer_ == Answer::refuse) connection.refused();
        if (answer_ == Answer::device) connection.accepted(keep_alive, false);
        if (answer_ == Answer::anonymous) connection.accepted(keep_alive, true);
    }
    left = std::string(input);
}

Machine Machine::connected(Answer answer, PacketLimits limits) {
    Machine machine(answer, limits);
    machine.feed(connect_packet());
    machine.log.clear();
    machine.short_log.clear();
    machine.packets.clear();
    return machine;
}

std::string Machine::broken_code() const {
    if (violations.size() == 1 && closing()) return std::string(violations.front().code);
    return "no violation, last: " + last();
}

std::string code_of_first(std::string_view bytes) {
    Machine machine;
    machine.feed(bytes);
    return machine.broken_code();
}

std::string code_of(std::string_view bytes) {
    Machine machine = Machine::connected();
    machine.feed(bytes);
    return machine.broken_code();
}

}  // namespace test
