#pragma once
// Encodes a client's packets, appended to the caller's string. Preconditions are the caller's: fields of at most 65,535
// bytes, packets of at most 268,435,455.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace load {

struct Credentials {
    std::string client_id;
    std::string username;  // empty: neither it nor the password is sent
    std::string password;
};

void append_connect(std::string& out, const Credentials& who);
void append_subscribe(std::string& out, std::string_view filter);
void append_pingreq(std::string& out);
void append_disconnect(std::string& out);
void append_publish(std::string& out, std::string_view topic, std::string_view payload, unsigned qos, std::uint16_t id);

// One PUBLISH, encoded once: each copy has another packet id and other first digits of a long payload, because devices
// do not repeat the same value.
class PublishTemplate {
  public:
    PublishTemplate(std::string_view topic, std::string_view payload, unsigned qos, bool numbered);
    void append_to(std::string& out, std::uint16_t packet_id, std::uint64_t number) const;
    std::size_t size() const noexcept { return bytes_.size(); }

  private:
    static constexpr std::size_t digits = 8;
    std::string bytes_;
    std::size_t payload_at_;
    bool qos1_;
    bool numbered_;
};

}  // namespace load
