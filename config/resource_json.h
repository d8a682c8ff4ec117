#pragma once
// Resource definitions as JSON: the `resources` member of a connector, and a single definition.

#include "config/connector_settings.h"
#include "config/object_reader.h"

#include <map>
#include <optional>
#include <string>

namespace config {

using Resources = std::map<std::string, ResourceDefinition, std::less<>>;

// An object alias to definition. What a definition does not say has ResourceDefinition's default.
Resources read_resources(const JsonNode& node, const std::string& path, const ReadContext& context);

// One definition.
ResourceDefinition read_resource(const JsonNode& node, const std::string& path, const ReadContext& context);

JsonNode to_json(const ResourceDefinition& definition);
JsonNode to_json(const Resources& resources);

// Murano's `^[^.$]+$`; besides, what no topic can name: `/`, `+`, `#`, control characters, over 255 bytes.
bool is_alias(std::string_view text);

// String, number or boolean; none for anything else.
std::optional<Scalar> scalar_of(const JsonNode& node);
JsonNode to_json(const Scalar& scalar);

// Whether a value given as JSON fits the format, as R40 has it for JSON: `5` is a string too, "5" a number too.
bool fits(ResourceFormat format, const Scalar& scalar);

}  // namespace config
