#include "server/runtime/emulator_clock.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace runtime {
namespace {

constexpr std::string_view header = "clock 1\n";

std::int64_t add(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return b < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

std::int64_t in_range(std::int64_t us) {
    return std::clamp<std::int64_t>(us, 0, EmulatorClock::max_us);
}

void append_line(std::string& out, std::string_view name, bool frozen, std::int64_t us) {
    out.append(name).append(frozen ? " frozen " : " offset ").append(std::to_string(us)).push_back('\n');
}

}  // namespace

RealTime system_time() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count(),
            std::chrono::steady_clock::now()};
}

std::int64_t EmulatorClock::State::shows(std::int64_t real_us) const {
    return in_range(frozen ? us : add(real_us, us));
}

EmulatorClock::EmulatorClock(RealTimeSource source) : source_(std::move(source)) {}

const EmulatorClock::State& EmulatorClock::state(std::string_view connector) const {
    if (overrides_.empty() || connector.empty()) return global_;
    const auto own = overrides_.find(connector);
    return own == overrides_.end() ? global_ : own->second;
}

EmulatorClock::State& EmulatorClock::own_state(std::string_view connector) {
    if (connector.empty()) return global_;
    return overrides_.try_emplace(std::string(connector), global_).first->second;
}

Now EmulatorClock::now(std::string_view connector) const {
    const RealTime at = real();
    return {state(connector).shows(at.us), at.us, at.steady};
}

ClockReading EmulatorClock::reading(std::string_view connector) const {
    const std::int64_t real_us = real().us;
    const State& shown = state(connector);
    const std::int64_t now_us = shown.shows(real_us);
    return {now_us, now_us - real_us, shown.frozen, &shown != &global_};
}

void EmulatorClock::set(std::int64_t now_us, std::string_view connector) {
    State& own = own_state(connector);
    own.us = own.frozen ? in_range(now_us) : in_range(now_us) - real().us;
}

void EmulatorClock::set_offset(std::int64_t offset_us, std::string_view connector) {
    State& own = own_state(connector);
    own.us = own.frozen ? in_range(add(real().us, offset_us)) : offset_us;
}

void EmulatorClock::advance(std::int64_t by_us, std::string_view connector) {
    // From the state and not from two readings of real time, so that nothing is lost between them.
    State& own = own_state(connector);
    const std::int64_t real_us = own.frozen ? 0 : real().us;
    own.us = in_range(add(add(real_us, own.us), by_us)) - real_us;
}

void EmulatorClock::freeze(std::string_view connector) {
    State& own = own_state(connector);
    if (!own.frozen) own = {true, own.shows(real().us)};
}

void EmulatorClock::unfreeze(std::string_view connector) {
    State& own = own_state(connector);
    if (!own.frozen) return;
    const std::int64_t real_us = real().us;
    own = {false, own.shows(real_us) - real_us};
}

void EmulatorClock::reset(std::string_view connector) {
    if (!connector.empty()) {
        if (const auto own = overrides_.find(connector); own != overrides_.end()) overrides_.erase(own);
        return;
    }
    global_ = {};
    overrides_.clear();
}

std::string EmulatorClock::save() const {
    std::string out(header);
    append_line(out, "*", global_.frozen, global_.us);
    for (const auto& [connector, own] : overrides_) append_line(out, connector, own.frozen, own.us);
    return out;
}

bool EmulatorClock::parse_line(std::string_view line, std::string_view& name, State& state) {
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos || first == 0) return false;
    name = line.substr(0, first);
    line.remove_prefix(first + 1);
    state.frozen = line.starts_with("frozen ");
    if (!state.frozen && !line.starts_with("offset ")) return false;
    line.remove_prefix(7);
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), state.us);
    return error == std::errc() && end == line.data() + line.size();
}

bool EmulatorClock::restore(std::string_view text) {
    if (!text.starts_with(header)) return false;
    text.remove_prefix(header.size());
    State global;
    std::map<std::string, State, std::less<>> overrides;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return false;
        std::string_view name;
        State own;
        if (!parse_line(text.substr(0, end), name, own)) return false;
        if (name == "*") {
            global = own;
        } else {
            overrides.insert_or_assign(std::string(name), own);
        }
        text.remove_prefix(end + 1);
    }
    global_ = global;
    overrides_ = std::move(overrides);
    return true;
}

}  // namespace runtime
