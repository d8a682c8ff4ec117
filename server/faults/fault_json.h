#pragma once
// A fault as JSON, and back. See kinds.h for the keys whose meaning the kind decides. Stateless; any thread.

#include "config/json_tree.h"
#include "config/object_reader.h"
#include "server/faults/fault.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faults {

// What stands around a description.
struct Surroundings {
    std::optional<std::string> connector = {};  // of the settings file, inside a connector: a key `connector` is wrong
    std::string name = {};                      // the fault's name, where the call's path gives it
};

// Mistakes go to the context's problems: what stands there, what may, the nearest for unknown kinds and keys. None when
// there was one. `null` is the same as an absent key.
std::optional<Fault> read_fault(const config::JsonNode& node, const std::string& path,
                                const config::ReadContext& context, const Surroundings& around = {});

// All keys, defaults filled in, null for what is absent. read_fault() makes the same fault of it.
config::JsonNode to_json(const Fault& fault);

// For GET /faults/kinds and `fault kinds`: [{kind, layer, help, keys: [{name, type, help, …}]}]
config::JsonNode kinds_json();
// JSON Schema of a description; an object of which `kind` says what else may be there.
std::string fault_schema();
// The same for editors (draft 2020-12): closed, with the keys of each kind and what they mean. `without`: keys of all
// kinds that may not stand there.
config::JsonNode closed_fault_schema(std::span<const std::string_view> without = {});

}  // namespace faults
