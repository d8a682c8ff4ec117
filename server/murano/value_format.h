#pragma once
// Checks a value against its resource: format, `allowed`, size. [R6, R40, R40a] Values keep the text that was sent.
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

// One JSON value. `text`: the content of a string (unescaped), or the exact text of any other kind.
struct RawJson {
    JsonKind kind = JsonKind::null;
    std::string_view text;
};

// `text` points to the caller's text.
struct AcceptedValue {
    journal::ValueKind kind = journal::ValueKind::string;
    std::string_view text;
};

// A Finding means: drop the value, record no event for it, keep the rest of the message. [R40, D5]
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
    const std::optional<config::Scalar>& initial() const { return initial_; }  // only if settable
    const AllowedRule& allowed() const { return allowed_; }

  private:
    std::string alias_;
    config::ResourceFormat format_;
    bool settable_;
    bool sync_;
    std::optional<config::Scalar> initial_;
    AllowedRule allowed_;
};

// The payload of `$resource/<alias>`: the plain value. [R37]
ValueCheck check_raw(const ResourceRules& rules, std::string_view payload);

// A member of `$resource/`, of a batch's `values`, or of a state PATCH. [R38, R39]
ValueCheck check_json(const ResourceRules& rules, const RawJson& value);

// Values of an undefined alias cause an event but change no state [R37]; only their size is checked [R6]. A raw payload
// is a string, JSON values keep their kind, objects, arrays and null their JSON text.
ValueCheck check_undefined_raw(std::string_view alias, std::string_view payload);
ValueCheck check_undefined_json(std::string_view alias, const RawJson& value);

}  // namespace murano
