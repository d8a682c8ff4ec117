#pragma once
// Any text as the description of a fault: reading ends, mistakes are reported with a place and a sentence, and an
// accepted description survives writing and reading again.

#include "server/faults/fault_json.h"
#include "server/faults/registry.h"
#include "tests/fuzz/targets/require.h"

#include <string>
#include <string_view>

namespace fuzz {

inline std::optional<faults::Fault> read_description(std::string_view text) {
    config::Problems problems;
    const config::ReadContext context{"", text, config::KeyMode::strict, problems};
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    if (!parsed.root || !parsed.faults.empty()) return std::nullopt;
    auto fault = faults::read_fault(*parsed.root, "$", context);
    require(fault.has_value() == problems.ok());
    for (const auto& problem : problems.errors()) {
        require(problem.path.starts_with("$") && !problem.message.empty());
        for (const char c : problem.message) require(static_cast<unsigned char>(c) >= 0x20);
    }
    return fault;
}

// A chance or two for each client that it may strike.
inline void strike(const faults::Fault& fault) {
    faults::Registry registry({});
    auto alone = fault;
    alone.after_fault.clear();
    const auto made = registry.add(std::move(alone), {});
    const auto& armed = std::get<faults::ArmedPtr>(made);
    registry.advance(faults::TimePoint() + fault.budget.delay);
    const faults::Client client{
        .connector = "local", .identity = "1", .client_id = {}, .ip = "10.0.0.1", .connection = "x"};
    for (int chance = 0; chance < 3 && armed->active(); ++chance) static_cast<void>(registry.strike(armed, client, {}));
    require(armed->hits <= armed->chances);
    require(!fault.values.has(faults::Key::delay_ms) || registry.delay_of(*armed).count() >= 0);
}

inline void fault_description(std::string_view text) {
    const auto fault = read_description(text);
    if (!fault) return;
    const auto written = config::to_json_text(faults::to_json(*fault));
    const auto again = read_description(written);
    require(again && config::to_json_text(faults::to_json(*again)) == written);
    strike(*fault);
}

}  // namespace fuzz
