#pragma once
// One connector's settings to and from JSON, in the format of Murano's device2 settings. Stateless; any thread.

#include "config/connector_settings.h"
#include "config/json_tree.h"
#include "config/object_reader.h"

#include <optional>
#include <string>
#include <string_view>

namespace config {

// Reads the current object over a copy of `defaults`; absent keys keep their default. `resources`, if present, replaces
// all of them. Mistakes go to the reader's problems; the result is valid only if there are none. `fqdn`, `events` and
// `pki.vendor` are accepted without effect. Does not call finish(), so that a caller may read more keys of the same
// object, and of `content` beside its `base_url`.
ConnectorSettings read_connector(ObjectReader& reader, const ConnectorSettings& defaults);

// read_connector() on a whole object. In lenient mode unknown keys are warnings.
ConnectorSettings parse_connector(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                                  const ReadContext& context);

// From JSON text, RFC 8259; nullopt on an error. Reads the output of to_json(full).
std::optional<ConnectorSettings> parse_connector_text(std::string_view text, const ConnectorSettings& defaults,
                                                      KeyMode mode, Problems& problems);

enum class ConnectorShape : unsigned char {
    device2,  // as Murano shows it: no quirks, no journal
    full,     // every member, so that parse_connector() restores the same value for any defaults
};

// The settings hold no secret (client_ca is a certificate; a private key in it is refused), so nothing is masked.
JsonNode to_json(const ConnectorSettings& settings, ConnectorShape shape);

// The effect of a `resources` object in a patch. [D10]
enum class ResourcesPatch : unsigned char { replace, merge };

// Applies RFC 7396 to the settings in the form of to_json(full); null restores a member's value from `defaults`.
// `patch_text`: RFC 8259. nullopt on an error; nothing is changed then.
std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, std::string_view patch_text,
                                             const ConnectorSettings& defaults, KeyMode mode, ResourcesPatch resources,
                                             Problems& problems);

// For a caller with the patch as a tree; `context.text` is its text.
std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, const JsonNode& patch,
                                             const ConnectorSettings& defaults, ResourcesPatch resources,
                                             const ReadContext& context);

}  // namespace config
