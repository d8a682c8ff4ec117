#include "protocol/fixed_header.h"

#include <algorithm>

namespace protocol {

FixedHeader read_fixed_header(std::string_view bytes) noexcept {
    static constexpr std::size_t longest = 5;
    FixedHeader header;
    const std::size_t end = std::min(bytes.size(), longest);
    for (std::size_t i = 1; i < end; ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        header.remaining_length |= (byte & 0x7FU) << (7 * (i - 1));
        if ((byte & 0x80U) == 0) {
            header.status = FixedHeader::Status::complete;
            header.size = i + 1;
            return header;
        }
    }
    if (bytes.size() >= longest) header.status = FixedHeader::Status::length_too_long;
    return header;
}

}  // namespace protocol
