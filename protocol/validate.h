#pragma once
// "May I accept it?": the rules for a packet that could be read. nullopt: yes. Otherwise the first broken rule.

#include "protocol/decode_error.h"
#include "protocol/packets.h"

#include <optional>

namespace protocol {

std::optional<DecodeError> validate(const Connect& connect) noexcept;
std::optional<DecodeError> validate(const Publish& publish) noexcept;
std::optional<DecodeError> validate(const Subscribe& subscribe) noexcept;
std::optional<DecodeError> validate(const Unsubscribe& unsubscribe) noexcept;

}  // namespace protocol
