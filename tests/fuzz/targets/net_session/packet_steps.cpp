// What clients send, well formed and not.

#include "tests/fuzz/targets/net_session/steps.h"
#include "tests/support/packet_builder.h"

#include <array>
#include <string>

namespace fuzz::session {
namespace {

constexpr std::array<std::string_view, 4> client_ids{"", "x", "y", "x\x01"};
constexpr std::array<std::string_view, 10> filters{
    "t/+", "t/1", "#", "$resource/#", "$provision/a", "$provision/b", "$SYS/", "+", "t/1/2/3/4/5/6/7/8/9/10", "t/#/x"};
constexpr std::array<std::string_view, 8> topics{"t/1",      "t/2", "resource/data_in",   "$resource", "$SYS/a",
                                                 "$content", "t/+", "$resource/data_in/1"};
constexpr std::array<std::string_view, 6> values{"5", "100", "-1.50", "true", "abc", "{\"a\":1}"};
constexpr std::array<std::string_view, 5> aliases{"data_in", "text", "num", "flag", "unknown"};
constexpr std::array<std::string_view, 4> reports{R"({"data_in":"x","num":12})", R"({"num":"abc","text":5})", R"([1])",
                                                  R"([{"timestamp":5,"values":{"num":3}},{"values":{"text":"z"}}])"};

std::string login(World& world, Bytes& bytes, const Owner& owner) {
    const auto* device = world.model().find(owner);
    const std::string key = device == nullptr || bytes.below(8) == 7 ? "wrong" : device->key;
    const bool named = owner.first == "other" || bytes.flag();
    return test::str(named ? owner.second : "") + test::str(key);
}

// Clean or not, with a Will or without; anonymous, or with the credential of a device.
std::string connect_packet(World& world, Bytes& bytes, const std::string& connector) {
    const auto choice = bytes.next();
    const Owner owner{connector, std::string(bytes.one_of(identities))};
    test::ConnectParts parts;
    parts.client_id = bytes.one_of(client_ids);
    parts.flags = (choice & 1U) != 0 ? 0x02 : 0x00;
    parts.keep_alive = (choice & 2U) != 0 ? 20 : 0;
    if ((choice & 12U) == 12U) {
        parts.flags |= 0x04;
        const auto topic = bytes.flag() ? "$content" : "t/2";
        parts.rest = test::str(topic) + test::str(world.judge().new_payload(owner));
    }
    if ((choice & 0x30U) != 0) {
        parts.flags |= 0xC0;
        parts.rest += login(world, bytes, owner);
    }
    return test::connect_packet(parts);
}

std::string publish(Bytes& bytes, std::string_view topic, std::string_view payload) {
    const auto choice = bytes.next();
    const unsigned qos = (choice & 3U) == 3U ? 0 : choice & 3U;  // a rare 2
    const unsigned dup = qos > 0 && (choice & 4U) != 0 ? 8 : 0;
    const unsigned flags = dup | qos << 1U | ((choice & 8U) != 0 ? 1U : 0U);
    const unsigned packet_id = 1 + (choice >> 4U);
    return test::publish_packet(topic, payload, flags, packet_id);
}

std::string resource_report(Bytes& bytes) {
    const auto topic = "$resource/" + std::string(bytes.one_of(aliases));
    return publish(bytes, topic, bytes.one_of(values));
}

std::string several_reports(Bytes& bytes) {
    const auto topic = bytes.flag() ? "$resource/" : "$resource.batch";
    return publish(bytes, topic, bytes.one_of(reports));
}

std::string provisioning(Bytes& bytes) {
    const auto topic = "$provision/" + std::string(bytes.one_of(identities));
    return publish(bytes, topic, bytes.flag() ? "" : "0123456789012345678901234567890");
}

std::string subscription(Bytes& bytes) {
    std::vector<std::pair<std::string, unsigned>> wanted;
    std::vector<std::string> unwanted;
    const bool subscribe = bytes.below(3) > 0;
    for (std::size_t left = 1 + bytes.below(3); left > 0; --left) {
        const std::string filter(bytes.one_of(filters));
        wanted.emplace_back(filter, bytes.below(3));
        unwanted.push_back(filter);
    }
    return subscribe ? test::subscribe_packet(9, wanted) : test::unsubscribe_packet(9, unwanted);
}

std::string odd_packet(Bytes& bytes) {
    const std::array<std::string, 6> packets{test::pingreq,
                                             test::packet(0x40, test::u16(1)),  // PUBACK
                                             test::packet(0x62, test::u16(1)),  // PUBREL
                                             test::packet(0x20, test::u16(0)),
                                             test::publish_packet("t/1", "dup without qos", 8),
                                             test::packet(0x30, std::string(600, 'z'))};
    return bytes.one_of(packets);
}

std::string packet(World& world, Bytes& bytes, const Client& client) {
    switch (bytes.below(10)) {
        case 0:
        case 1:
            return resource_report(bytes);
        case 2:
            return several_reports(bytes);
        case 3:
            return subscription(bytes);
        case 4:
            return publish(bytes, bytes.one_of(topics), world.judge().new_payload(client.owner));
        case 5:
            return publish(bytes, topics.front(), world.judge().new_payload(client.owner));
        case 6:
            return provisioning(bytes);
        case 7:
            return odd_packet(bytes);
        case 8:
            return test::disconnect;
        default:
            return std::string(bytes.take(1 + bytes.below(40)));
    }
}

}  // namespace

// To a new connection where there is none, or where the input wants one; whole or in small pieces.
void packet_step(World& world, Bytes& bytes) {
    const auto place = bytes.below(4);
    const auto how = bytes.next();
    if (world.commits().congested()) return;  // nothing is read
    std::string sent;
    if (!world.clients().at(place) || how % 8 == 0) {
        const std::string connector(connectors.at(how / 8U % 4U == 3U ? 1 : 0));
        auto& client = world.connect(place, connector);
        if (how < 248) sent = connect_packet(world, bytes, client.connector());
    }
    auto& client = *world.clients().at(place);
    if (sent.empty() || how % 16 == 8) sent += packet(world, bytes, client);
    const std::size_t piece = how % 5 == 4 ? 1 + bytes.below(7) : sent.size();
    for (std::string_view rest = sent; !rest.empty();) {
        const std::string block(rest.substr(0, piece));
        rest.remove_prefix(block.size());
        client.feed(block);
    }
}

}  // namespace fuzz::session
