#pragma once
// Selects events. All conditions set must hold; with none set every event matches.

#include "server/journal/event.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace journal {

struct Filter {
    std::string connector;  // empty: any; likewise below
    std::string identity;
    std::uint32_t types = 0;  // bits, 1 << type_index; 0: any
    // An MQTT topic filter [MQTT 4.7]; a leading `#` or `+` does not match `$...`. It is compared with the topic of a
    // publish; `$resource/<alias>` of each reported or set value, for a set one also `$resource/<alias>/<timestamp>`;
    // the topic of a finding's packet; the topic of a journalled PUBLISH packet; the topic struck by a fault. Other
    // events do not match.
    std::string topic;
    std::string alias;                    // of a value in data_in and data_out
    std::string rule;                     // of a finding, or its whole code; case is ignored
    std::string code;                     // of a finding, whole: "R40.comma_for_point"; case is ignored
    std::string fault_name, fault_kind;   // `name` and `kind` of a fault
    std::optional<std::int64_t> from_us;  // by the emulator's clock, both inclusive
    std::optional<std::int64_t> to_us;

    void add_type(EventType type);
};

bool matches(const Filter& filter, const Event& event);

// The conditions of a filter, one bit each, so that a set of them shows how far an event is from matching.
enum class Condition : std::uint8_t { type, connector, identity, time, rule, alias, topic, payload, fault };
class ConditionSet {
  public:
    void add(Condition condition) { bits_ |= bit(condition); }
    void remove(Condition condition) { bits_ &= ~bit(condition); }
    bool has(Condition condition) const { return (bits_ & bit(condition)) != 0; }
    bool empty() const { return bits_ == 0; }
    bool only(Condition condition) const { return bits_ == bit(condition); }
    bool within(std::initializer_list<Condition> some) const;  // only these

  private:
    static std::uint32_t bit(Condition condition) { return std::uint32_t{1} << static_cast<unsigned>(condition); }
    std::uint32_t bits_ = 0;
};

// The conditions that do not hold for this event; never Condition::payload, which a filter does not have.
ConditionSet unmet(const Filter& filter, const Event& event);

// Whether an event is about a topic that the MQTT filter matches; see Filter::topic.
bool is_about_topic(const Event& event, std::string_view topic_filter);

struct FilterError {
    std::string parameter;
    std::string message;  // one sentence for the user
};

enum class Applied : std::uint8_t { yes, not_a_filter };

// Applies one query parameter: connector, identity, type (several with commas or by repeating), topic, alias, rule,
// code, name, kind, from, to (µs since 1970). An empty value sets nothing. Others are not_a_filter.
std::variant<Applied, FilterError> apply_parameter(Filter& filter, std::string_view name, std::string_view value);

// Applies all parameters of a query; the caller handles the rest.
std::variant<Filter, FilterError> parse_filter(std::span<const std::pair<std::string, std::string>> parameters);

}  // namespace journal
