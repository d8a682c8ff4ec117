#pragma once
// An optional value that few objects have: those without it spend a pointer, not its size. Copies copy the value.

#include <memory>
#include <optional>
#include <utility>

namespace device {

template <typename Value>
class Rare {
  public:
    Rare() = default;
    Rare(std::nullopt_t) {}
    Rare(Value value) : value_(std::make_unique<Value>(std::move(value))) {}
    Rare(std::optional<Value> value) : value_(value ? std::make_unique<Value>(std::move(*value)) : nullptr) {}
    Rare(const Rare& other) : value_(other.value_ ? std::make_unique<Value>(*other.value_) : nullptr) {}
    Rare(Rare&&) noexcept = default;
    Rare& operator=(Rare other) noexcept {
        value_ = std::move(other.value_);
        return *this;
    }
    ~Rare() = default;

    bool has_value() const { return value_ != nullptr; }
    explicit operator bool() const { return has_value(); }
    const Value& operator*() const { return *value_; }
    Value& operator*() { return *value_; }
    const Value* operator->() const { return value_.get(); }
    Value* operator->() { return value_.get(); }

    Value& emplace() {
        value_ = std::make_unique<Value>();
        return *value_;
    }
    void reset() { value_.reset(); }

  private:
    std::unique_ptr<Value> value_;
};

}  // namespace device
