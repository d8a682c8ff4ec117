#pragma once
// Frees values with a hundred thousand parts, which takes longer than a loop turn may.

#include "server/core/context.h"

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace device {

// Destroys these values on the helper thread. Nothing else may refer to them. Loop thread only.
template <typename... Large>
void destroy_aside(const Background& background, Large&&... large) {
    static_assert((std::is_rvalue_reference_v<Large&&> && ...), "they are moved from");
    auto held = std::make_shared<std::tuple<std::remove_reference_t<Large>...>>(std::forward<Large>(large)...);
    background([held = std::move(held)]() mutable { held.reset(); }, [] {});
}

}  // namespace device
