#pragma once
// Does a value fit its resource? Format, `allowed`, size. [R6, R40, R40a] Values stay the text that was sent.
// Pure; ResourceRules is immutable after construction; any thread.

#include "config/connector_settings.h"
#include "server/journal/event.h"
#include "server/murano/allowed_rule.h"
#include "server/murano/finding.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace murano {

inline constexpr std::size_t kLargestValue = 1'048'576;  // bytes [R6]

enum class JsonKind : std::uint8_t { string, number, boolean, null, object, array };

// One JSON value. `text` is the content of a string (escapes undone), the exact text of anything else.
struct RawJson {
    JsonKind kind = JsonKind::null;
    std::string_view text;
};

// `text` is the caller's text, not a copy.
struct AcceptedValue {
    journal::ValueKind kind = journal::ValueKind::string;
    std::string_view text;
};

// A Finding means: do not store it, make no event of it, keep the rest of the message. [R40, D5]
using ValueCheck = std::variant<AcceptedValue, Finding>;

// One resource definition, prepared once.
class ResourceRules {
  public:
    ResourceRules(std::string alias, const config::ResourceDefinition& definition);

    const std::string& alias() const { return alias_; }
    config::ResourceFormat format() const { return format_; }
    journal::ValueKind kind() const;
    bool settable() const { return settable_; }
    bool sync() const { return sync_; }                                        // [R42]
    const std::optional<config::Scalar>& initial() const { return initial_; }  // only where settable
    const AllowedRule& allowed() const { return allowed_; }

  private:
    std::string alias_;
    config::ResourceFormat format_;
    bool settable_;
    bool sync_;
    std::optional<config::Scalar> initial_;
    AllowedRule allowed_;
};

// The payload of `$resource/<alias>`: the bare value. [R37]
ValueCheck check_raw(const ResourceRules& rules, std::string_view payload);

// A member of `$resource/`, of a batch's `values`, or of a state PATCH. [R38, R39]
ValueCheck check_json(const ResourceRules& rules, const RawJson& value);

// Values of an alias that no resource defines make an event and no state [R37]; only the size counts [R6]. A raw
// payload is a string, JSON values keep their kind, objects, arrays and null are their JSON text.
ValueCheck check_undefined_raw(std::string_view alias, std::string_view payload);
ValueCheck check_undefined_json(std::string_view alias, const RawJson& value);

}  // namespace murano
