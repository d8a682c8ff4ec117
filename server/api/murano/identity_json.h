#pragma once
// An identity as Murano shows it.

#include "config/json_tree.h"
#include "server/api/base/json_body.h"
#include "server/control/identity_port.h"

#include <optional>
#include <string>

namespace api {

// {identity, auth, locked, reprovision, devmode, lastip, lastseen, status, online, state, tags}; never the key.
// `whitelisted_type`: auth.type of an identity without credential.
config::JsonNode identity_json(const device::IdentityView& view, std::string_view whitelisted_type);

// {alias: {reported, set, timestamp}}, values with their exact text. [R40a]
config::JsonNode state_json(const std::vector<device::StateEntry>& state);

// {alias: value}; the member `except` is skipped.
std::vector<device::StateWrite> read_state_writes(const config::JsonNode& values, std::string_view except = {});

// {locked, auth: {type, key, expire}, tags}; an old tool sends type, publickey, privatekey and expire flat.
device::IdentityChange read_identity_change(JsonBody& body);
device::IdentityChange read_identity_change(JsonBody& body, config::ObjectReader& object);

}  // namespace api
