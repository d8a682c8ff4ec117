#include "tests/fuzz/targets/net_session/judged_port.h"

#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>

namespace fuzz::session {

Client& JudgedPort::begin(const device::Link& link) {
    const auto& clients = world_.clients();
    const auto client =
        std::find_if(clients.begin(), clients.end(), [&](const auto& one) { return one && &one->link() == &link; });
    require(client != clients.end() && !(*client)->closed());  // nothing is handled after the end
    world_.judge().begin();
    return **client;
}

bool JudgedPort::connect(device::Link& link, const protocol::Connect& connect) {
    auto& client = begin(link);
    const bool expected = world_.judge().must_accept(client, connect);
    const bool accepted = devices_.connect(link, connect);
    world_.judge().connected(client, connect, accepted, expected);
    return accepted;
}

void JudgedPort::publish(device::Link& link, const protocol::Publish& publish) {
    auto& client = begin(link);
    devices_.publish(link, publish);
    world_.judge().published(client, publish);
}

void JudgedPort::subscribe(device::Link& link, const protocol::Subscribe& subscribe) {
    auto& client = begin(link);
    devices_.subscribe(link, subscribe);
    world_.judge().subscribed(client, subscribe);
}

void JudgedPort::unsubscribe(device::Link& link, const protocol::Unsubscribe& unsubscribe) {
    auto& client = begin(link);
    devices_.unsubscribe(link, unsubscribe);
    world_.judge().unsubscribed(client, unsubscribe);
}

void JudgedPort::unexpected_puback(device::Link& link, std::uint16_t packet_id) {
    auto& client = begin(link);
    devices_.unexpected_puback(link, packet_id);
    world_.judge().answered_nothing(client);
}

void JudgedPort::violation(device::Link& link, const protocol::Violation& violation) {
    begin(link);
    devices_.violation(link, violation);
}

// Where the devices themselves ended the link, their own call is still being judged.
void JudgedPort::closed(device::Link& link, device::CloseReason reason) {
    if (link.state != device::Link::State::ended) world_.judge().begin();
    devices_.closed(link, reason);
}

}  // namespace fuzz::session
