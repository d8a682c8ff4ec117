#pragma once
// "May I accept it?": the rules that a well-read packet must keep. nullopt: yes. The first broken rule is named.

#include "protocol/decode_error.h"
#include "protocol/packets.h"

#include <optional>

namespace protocol {

std::optional<DecodeError> validate(const Connect& connect) noexcept;
std::optional<DecodeError> validate(const Publish& publish) noexcept;
std::optional<DecodeError> validate(const Subscribe& subscribe) noexcept;
std::optional<DecodeError> validate(const Unsubscribe& unsubscribe) noexcept;

}  // namespace protocol
