#include "server/net/admission.h"

#include <algorithm>

namespace net {

AdmissionLimits within_open_files(const AdmissionLimits& wanted, std::uint64_t files) {
    constexpr std::uint64_t own = 128;
    const std::uint64_t left = files > own + 2 ? files - own : 2;
    AdmissionLimits places = wanted;
    // What devices leave is the control ports', and a quarter at least.
    const auto beside_devices = left - std::min<std::uint64_t>(left, wanted.connections);
    places.control = std::min<std::uint64_t>(wanted.control, std::max(left / 4 + 1, beside_devices));
    places.connections = std::min<std::uint64_t>(wanted.connections, left - places.control);
    return places;
}

Admission::Verdict Admission::admit(Number number, std::string_view ip) {
    // With a stranger inside, the newcomer takes its place: surplus() names it.
    if (devices_ >= limits_.connections && strangers_.empty()) return Verdict::full;
    if (limits_.per_address > 0) {
        auto found = of_address_.find(ip);
        if (found == of_address_.end()) found = of_address_.emplace(std::string(ip), 0).first;
        if (found->second >= limits_.per_address) return Verdict::address_full;
        ++found->second;
    }
    ++devices_;
    strangers_.insert(strangers_.end(), number);
    return Verdict::admitted;
}

Admission::Verdict Admission::admit_control() {
    if (control_ >= limits_.control) return Verdict::full;
    ++control_;
    return Verdict::admitted;
}

void Admission::released(Number number, std::string_view ip) {
    --devices_;
    strangers_.erase(number);
    const auto found = of_address_.find(ip);
    if (found != of_address_.end() && --found->second == 0) of_address_.erase(found);
}

std::optional<Admission::Number> Admission::surplus() const {
    const auto half = std::max<std::size_t>(limits_.connections / 2, 1);
    if (strangers_.empty() || (strangers_.size() <= half && devices_ <= limits_.connections)) return std::nullopt;
    return *strangers_.begin();
}

}  // namespace net
