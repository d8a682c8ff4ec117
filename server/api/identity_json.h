#pragma once
// An identity as Murano shows it.

#include "config/json_tree.h"
#include "server/api/json_body.h"
#include "server/device/control_port.h"

#include <optional>
#include <string>

namespace api {

// {identity, auth, locked, reprovision, devmode, lastip, lastseen, status, online, state, tags}; never the key.
// `whitelisted_type`: auth.type of one that has no credential yet.
config::JsonNode identity_json(const device::IdentityView& view, const std::vector<device::StateEntry>& state,
                               std::string_view whitelisted_type);

// {alias: {reported, set, timestamp}}, values with their exact text. [R40a]
config::JsonNode state_json(const std::vector<device::StateEntry>& state);

// {locked, auth: {type, key, expire}, tags}; an old tool sends type, publickey, privatekey and expire flat.
device::IdentityChange read_identity_change(JsonBody& body);

}  // namespace api
