// Faults are put on, replaced and taken off, for everybody or for one identity. Their time is the world's.

#include "server/faults/fault_json.h"
#include "tests/fuzz/targets/net_session/steps.h"
#include "tests/fuzz/targets/require.h"

#include <array>
#include <string>

namespace fuzz::session {
namespace {

constexpr std::array<std::string_view, 3> names{"one", "two", "three"};
constexpr std::array<std::string_view, 32> kinds{
    R"("withhold","packet":"PUBACK")",
    R"("withhold","packet":"CONNACK","times":1)",
    R"("withhold","packet":"PUBLISH")",
    R"("withhold","packet":"SUBACK","topic":"t/1")",
    R"("withhold","packet":"UNSUBACK")",
    R"("ignore","packet":"CONNECT","times":1)",
    R"("ignore","packet":"PUBLISH","topic":"$resource/#")",
    R"("ignore","packet":"SUBSCRIBE")",
    R"("ignore","packet":"DISCONNECT")",
    R"("close","packet":"PUBLISH")",
    R"("close","packet":"PUBLISH","when":"after")",
    R"("close","packet":"PUBLISH","when":"after","how":"half")",
    R"("close","packet":"CONNECT","when":"after","times":1)",
    R"("close","packet":"PUBACK","when":"after","how":"reset")",
    R"("close","packet":"CONNACK","times":1)",
    R"("close","packet":"PUBACK","mid_packet":true)",
    R"("delay","packet":"PUBACK","delay_ms":5000,"jitter_ms":4000)",
    R"("delay","packet":"PUBLISH","delay_ms":10000,"overtake":true)",
    R"("delay","packet":"CONNACK","delay_ms":1)",
    R"("delay","packet":"PINGRESP","delay_ms":60000)",
    R"("duplicate","packet":"PUBACK","copies":2)",
    R"("duplicate","packet":"PUBLISH")",
    R"("reorder","by":2)",
    R"("coalesce","packets":3)",
    R"("coalesce","ms":10000)",
    R"("connack","code":5,"times":2)",
    R"("connack","session_present":true)",
    R"("replace","packet":"PUBLISH","payload":"instead","match":{"contains":"m"})",
    R"("replace","packet":"PUBACK","packet_id":9)",
    R"("corrupt","packet":"PUBACK","seed":3)",
    R"("corrupt","packet":"PUBLISH","how":"truncated")",
    R"("inject","hex":"D000","packet":"PUBACK","when":"before")"};
constexpr std::array<std::string_view, 4> budgets{"", R"(,"times":1)", R"(,"skip":1,"per":"connection")",
                                                  R"(,"for_ms":10000,"after_ms":1)"};

faults::Fault read(const std::string& text) {
    config::Problems problems;
    const config::ReadContext context{{}, text, config::KeyMode::strict, problems};
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    require(parsed.root.has_value());
    auto fault = faults::read_fault(*parsed.root, "$", context);
    require(fault.has_value());
    return *fault;
}

faults::Fault choose_fault(Bytes& bytes) {
    std::string kind(bytes.one_of(kinds));
    const auto budget = bytes.one_of(budgets);
    const auto owner = choose_owner(bytes);
    if (kind.find("\"times\"") == kind.npos) kind.append(budget);
    if (bytes.flag()) kind.append(R"(,"identity":")").append(owner.second).append(1, '"');
    return read(R"({"name":")" + std::string(bytes.one_of(names)) + R"(","kind":)" + kind + "}");
}

}  // namespace

void fault_step(World& world, Bytes& bytes) {
    const auto what = bytes.below(8);
    if (what == 0) return world.when_committed([&world] { world.faults().registry().clear(); });
    if (what == 1) {
        const std::string name(bytes.one_of(names));
        return world.when_committed([&world, name] { world.faults().registry().remove(name); });
    }
    auto fault = choose_fault(bytes);
    world.when_committed([&world, fault = std::move(fault)] {
        const auto task = world.faults().put({fault}, device::FaultCalls::How::put);
        require(task->done && !task->failure && task->made.size() == 1);
    });
}

}  // namespace fuzz::session
