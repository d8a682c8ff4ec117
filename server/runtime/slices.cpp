#include "server/runtime/slices.h"

namespace runtime {

void Slices::add(std::function<void()> piece) {
    line_.push_back(std::move(piece));
    wake();
}

void Slices::add_first(std::function<void()> piece) {
    line_.push_front(std::move(piece));
    wake();
}

void Slices::wake() {
    if (!std::exchange(scheduled_, true)) schedule_();
}

void Slices::run() {
    const TimePoint end = now_() + budget;
    std::size_t left = line_.size();
    while (left > 0) {
        const auto piece = std::move(line_.front());
        line_.pop_front();
        --left;
        piece();
        if (now_() >= end) break;
    }
    scheduled_ = false;
    if (!line_.empty()) wake();
}

}  // namespace runtime
