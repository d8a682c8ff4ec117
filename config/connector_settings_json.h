#pragma once
// One connector's settings as JSON, in the shape of Murano's device2 settings, and back.
// Stateless; any thread.

#include "config/connector_settings.h"
#include "config/json_tree.h"
#include "config/object_reader.h"

#include <optional>
#include <string>
#include <string_view>

namespace config {

// Reads what `reader` stands on into a copy of `defaults`: what is not there stays. `resources`, where it is there,
// replaces all of them. Mistakes go to the reader's problems; the result is of use only when there were none.
// `fqdn`, `events` and `pki.vendor` are known and have no effect. Does not call finish(), so that a caller may read
// more keys of the same object, and of `content` beside its `base_url`.
ConnectorSettings read_connector(ObjectReader& reader, const ConnectorSettings& defaults);

// read_connector on a whole object. In lenient mode unknown keys are warnings.
ConnectorSettings parse_connector(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                                  const ReadContext& context);

// From JSON text, RFC 8259; none when there is an error. Used for what to_json(full) wrote.
std::optional<ConnectorSettings> parse_connector_text(std::string_view text, const ConnectorSettings& defaults,
                                                      KeyMode mode, Problems& problems);

enum class ConnectorShape : unsigned char {
    device2,  // as Murano shows it: no quirks, no journal
    full,     // every member, so that parse_connector gives the same value back whatever its defaults
};

// The settings hold no secret (client_ca is a certificate; a private key in it is refused), so nothing is masked.
JsonNode to_json(const ConnectorSettings& settings, ConnectorShape shape);

// What a `resources` object in a patch does. [D10]
enum class ResourcesPatch : unsigned char { replace, merge };

// RFC 7396 applied to the settings as to_json(full) shows them; null gives a member back its value in `defaults`.
// `patch_text` is RFC 8259. None when there is an error, and then nothing is changed.
std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, std::string_view patch_text,
                                             const ConnectorSettings& defaults, KeyMode mode, ResourcesPatch resources,
                                             Problems& problems);

// For a caller that has the patch as a tree, of which `context.text` is the text.
std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, const JsonNode& patch,
                                             const ConnectorSettings& defaults, ResourcesPatch resources,
                                             const ReadContext& context);

}  // namespace config
