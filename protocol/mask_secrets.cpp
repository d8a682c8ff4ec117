#include "protocol/byte_reader.h"
#include "protocol/describe.h"
#include "protocol/fixed_header.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace protocol {
namespace {

constexpr std::string_view provision_prefix = "$provision/";
// Protocol name "MQTT" with its length, level, flags, Keep Alive: nothing secret stands before the end of this.
constexpr std::size_t connect_variable_header = 10;

// A mutable packet and views into it.
class Mask {
  public:
    explicit Mask(std::string& packet) : packet_(packet) {}

    void hide(std::string_view part) {
        const auto offset = static_cast<std::size_t>(part.data() - packet_.data());
        std::fill_n(packet_.begin() + static_cast<std::ptrdiff_t>(offset), part.size(), '*');
    }

    void hide_from(std::size_t offset) {
        if (offset < packet_.size()) hide(std::string_view(packet_).substr(offset));
    }

  private:
    std::string& packet_;
};

void mask_connect(Mask mask, const PacketDescription& known, std::size_t header_size) {
    const bool readable = !known.malformed && known.connect && known.connect->level == 4;
    if (!readable) return mask.hide_from(header_size + connect_variable_header);
    const Connect& connect = *known.connect;
    if (connect.will && connect.will->topic.starts_with(provision_prefix)) mask.hide(connect.will->payload);
    if (connect.password) mask.hide(*connect.password);
}

// A topic whose length is wrong may hold the payload too.
void mask_publish(Mask mask, const PacketDescription& known, std::string_view body, std::size_t header_size) {
    if (known.topic.starts_with(provision_prefix)) return mask.hide(known.payload);
    const bool unreadable_topic = known.topic.empty() && body.size() > 2;
    if (unreadable_topic) mask.hide_from(header_size + 2);
}

}  // namespace

std::string mask_secrets(std::string packet) {
    const FixedHeader header = read_fixed_header(packet);
    if (header.status != FixedHeader::Status::complete) {
        Mask(packet).hide_from(5);  // cut off, or more than a header can have: nothing behind is known
        return packet;
    }
    const PacketDescription known = describe_packet(packet);
    switch (known.type) {
        case PacketType::connect:
            mask_connect(Mask(packet), known, header.size);
            break;
        case PacketType::publish:
            mask_publish(Mask(packet), known, std::string_view(packet).substr(header.size), header.size);
            break;
        case PacketType::subscribe:
        case PacketType::unsubscribe:
            break;  // topic filters are no secrets
        default:    // may be no MQTT at all: "GET " looks like a PUBACK
            if (known.malformed) Mask(packet).hide_from(header.size);
    }
    return packet;
}

}  // namespace protocol
