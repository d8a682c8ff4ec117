#pragma once
// A fault's description. A plain value.

#include "server/faults/budget.h"
#include "server/faults/kinds.h"
#include "server/faults/scope.h"
#include "server/journal/payload_match.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace faults {

// The values of the kind's own keys, defaults filled in.
class Values {
  public:
    using Value = std::variant<bool, std::int64_t, std::string>;

    void put(Key key, Value value) { values_.insert_or_assign(key, std::move(value)); }
    bool has(Key key) const { return values_.contains(key); }
    const Value* find(Key key) const;
    std::int64_t number(Key key, std::int64_t absent = 0) const;
    bool flag(Key key) const;
    std::string_view text(Key key) const;  // empty: absent
    Milliseconds time(Key key) const { return Milliseconds(number(key)); }

  private:
    std::map<Key, Value> values_;
};

// Conditions on a packet. Both empty: any packet.
struct Narrowing {
    std::string topic;            // an MQTT filter; empty: any
    bool topic_in_match = false;  // it was given as match.topic
    journal::PayloadMatch payload;
    std::string match_json = {};  // as given, without `topic`

    bool empty() const { return topic.empty() && payload.empty(); }
};

struct Fault {
    std::string name;  // empty: the registry generates one
    Kind kind = Kind::refuse;
    Scope scope;
    Values values;
    Narrowing narrowing;
    Budget budget;
    std::string after_fault;  // begins when that fault is spent; empty: at its creation

    const KindRule& rule() const { return rule_of(kind); }
    // Of the TCP or TLS layer, and not limited to after CONNECT.
    bool acts_before_connect() const;
};

inline constexpr std::size_t longest_name = 64;
bool is_fault_name(std::string_view name);  // [A-Za-z0-9._-]{1,64}

}  // namespace faults
