#pragma once
// Resource definitions as JSON: the `resources` member of a connector, and a single definition.

#include "config/connector_settings.h"
#include "config/object_reader.h"

#include <map>
#include <optional>
#include <string>

namespace config {

using Resources = std::map<std::string, ResourceDefinition, std::less<>>;

// An object from alias to definition. Absent keys have ResourceDefinition's defaults.
Resources read_resources(const JsonNode& node, const std::string& path, const ReadContext& context);

// One definition.
ResourceDefinition read_resource(const JsonNode& node, const std::string& path, const ReadContext& context);

JsonNode to_json(const ResourceDefinition& definition);
JsonNode to_json(const Resources& resources);

// Murano's `^[^.$]+$`; also refuses what a topic cannot contain: `/`, `+`, `#`, control characters, over 255 bytes.
bool is_alias(std::string_view text);

// String, number or boolean; nullopt for other kinds.
std::optional<Scalar> scalar_of(const JsonNode& node);
JsonNode to_json(const Scalar& scalar);

// Whether a value given as JSON fits the format, by R40's rules for JSON: `5` is a string too, "5" a number too.
bool fits(ResourceFormat format, const Scalar& scalar);

}  // namespace config
