#include "server/verdict/marks.h"

#include <optional>

namespace verdict {

namespace {

struct KindOf {
    using Kind = Mark::Kind;
    std::optional<Kind> operator()(const Accepted& /*seen*/) const { return Kind::opened; }
    std::optional<Kind> operator()(const Closed& /*seen*/) const { return Kind::closed; }
    std::optional<Kind> operator()(const ConnackLeft& seen) const {
        return seen.code == 0 ? Kind::let_in : Kind::refused;
    }
    std::optional<Kind> operator()(const ConnectCame& /*seen*/) const { return Kind::came; }
    std::optional<Kind> operator()(const PublishCame& /*seen*/) const { return Kind::came; }
    std::optional<Kind> operator()(const SubscribeCame& /*seen*/) const { return Kind::came; }
    std::optional<Kind> operator()(const UnsubscribeCame& /*seen*/) const { return Kind::came; }
    std::optional<Kind> operator()(const PacketCame& /*seen*/) const { return Kind::came; }
    std::optional<Kind> operator()(const PublishLeft& /*seen*/) const { return Kind::left; }
    std::optional<Kind> operator()(const PacketLeft& /*seen*/) const { return Kind::left; }
    std::optional<Kind> operator()(const FaultHit& /*seen*/) const { return Kind::fault; }
    template <typename Other>
    std::optional<Kind> operator()(const Other& /*seen*/) const {
        return std::nullopt;
    }
};

}  // namespace

void Marks::on(const Observation& observation) {
    if (marks_.size() >= most) return;
    if (const auto kind = std::visit(KindOf{}, observation.seen))
        marks_.push_back(
            {.at = observation.at, .connection = static_cast<std::uint32_t>(observation.connection), .kind = *kind});
}

}  // namespace verdict
