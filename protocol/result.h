#pragma once
// A value, or the reason why there is none. No exceptions, no allocation of its own; T and E must differ.

#include <type_traits>
#include <utility>
#include <variant>

namespace protocol {

template <class T, class E>
class [[nodiscard]] Result {
    static_assert(!std::is_same_v<T, E>);

  public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    // Precondition: ok(). Otherwise, by a bug of the caller, throws std::bad_variant_access.
    T& value() & { return std::get<0>(content_); }
    const T& value() const& { return std::get<0>(content_); }
    T&& value() && { return std::get<0>(std::move(content_)); }

    // Precondition: !ok().
    const E& error() const { return std::get<1>(content_); }

  private:
    std::variant<T, E> content_;
};

}  // namespace protocol
