#include "server/mqtt/guest_session.h"

#include "protocol/byte_writer.h"

namespace mqtt {
namespace {

constexpr std::string_view disconnect_packet("\xE0\x00", 2);

// Keep Alive 0: it never pings.
std::string connect_packet(const device::GuestLogin& login) {
    constexpr unsigned clean_session = 0x02, password = 0x40, username = 0x80;
    const unsigned flags = (login.clean_session ? clean_session : 0U) | (login.password ? password : 0U) |
                           (login.username ? username : 0U);
    std::string body;
    protocol::ByteWriter writer(body);
    writer.binary("MQTT");
    writer.u8(4);
    writer.u8(static_cast<std::uint8_t>(flags));
    writer.u16(0);
    writer.binary(login.client_id);
    if (login.username) writer.binary(*login.username);
    if (login.password) writer.binary(*login.password);
    std::string packet;
    protocol::ByteWriter head(packet);
    head.u8(0x10);
    head.remaining_length(static_cast<std::uint32_t>(body.size()));
    return packet + body;
}

class GuestSession final : public device::Guest, private Wire {
  public:
    GuestSession(const device::GuestLogin& login, SessionServices& services)
        : facts_(login.facts), session_(*this, facts_, services) {
        session_.on_bytes(connect_packet(login));
    }
    GuestSession(const GuestSession&) = delete;
    GuestSession& operator=(const GuestSession&) = delete;
    ~GuestSession() override {
        if (!closed_) session_.on_bytes(disconnect_packet);
    }

    bool connected() const override { return !closed_ && session_.link().state == device::Link::State::connected; }

  private:
    // Wire: nobody reads what leaves.
    void send(std::string_view head, std::string_view body, device::Gate /*gate*/) override {
        traffic_.bytes_out += head.size() + body.size();
    }
    std::size_t waiting_bytes() const override { return 0; }
    std::uint64_t promised_bytes() const override { return traffic_.bytes_out; }
    // Whoever closes has told the devices, or is one of them.
    void close(device::CloseReason /*reason*/) override { closed_ = true; }
    void end(Ending /*ending*/) override { closed_ = true; }
    TimePoint now() const override { return std::chrono::steady_clock::now(); }
    TimePoint opened() const override { return opened_; }
    device::PeerTraffic& traffic() override { return traffic_; }
    void deadline_changed() override {}  // its Keep Alive is 0
    void wake_at(TimePoint /*time*/) override {}
    void logged_in() override {}
    void read_after_commit() override {}

    device::PeerFacts facts_;
    device::PeerTraffic traffic_;
    TimePoint opened_ = std::chrono::steady_clock::now();
    bool closed_ = false;
    Session session_;
};

}  // namespace

std::unique_ptr<device::Guest> invite(const device::GuestLogin& login, SessionServices& services) {
    return std::make_unique<GuestSession>(login, services);
}

}  // namespace mqtt
