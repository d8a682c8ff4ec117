#pragma once
// A fault to and from JSON. kinds.h lists the keys whose meaning depends on the kind. Stateless; any thread.

#include "config/json_tree.h"
#include "config/object_reader.h"
#include "server/faults/fault.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faults {

// Values that the context of a description provides.
struct Surroundings {
    std::optional<std::string> connector = {};  // the settings file's section: a key `connector` is then an error
    std::string name = {};                      // the fault's name in the call's path
};

// Mistakes go to the context's problems: the value found, the allowed ones, the nearest for unknown kinds and keys.
// nullopt if there is any. `null` counts as an absent key.
std::optional<Fault> read_fault(const config::JsonNode& node, const std::string& path,
                                const config::ReadContext& context, const Surroundings& around = {});

// All keys, defaults filled in, null if absent. read_fault() reads it back to the same fault.
config::JsonNode to_json(const Fault& fault);

// For GET /faults/kinds and `fault kinds`: [{kind, layer, help, keys: [{name, type, help, …}]}]
config::JsonNode kinds_json();
// JSON Schema of a description: an object whose other keys depend on `kind`.
std::string fault_schema();
// The same for editors (draft 2020-12): closed, with each kind's keys and their meaning. `without`: common keys that
// are not allowed.
config::JsonNode closed_fault_schema(std::span<const std::string_view> without = {});

}  // namespace faults
