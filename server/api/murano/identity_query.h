#pragma once
// Which identities a list or a count selects, and the answers that show identities.

#include "server/api/base/answers.h"
#include "server/api/base/request.h"
#include "server/api/base/services.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace api {

// A parameter's text; nullopt: absent.
using Parameter = std::function<std::optional<std::string>(std::string_view name)>;

// limit, before, status, identity (a regular expression), tag ("name", "name:value", or {"name","value"} as Lua callers
// write it). `place` stands before the name in the path of an error: "?", "$.".
std::variant<device::IdentityQuery, Error> read_identity_query(const Parameter& parameter, const std::string& place);

// {mayLoadMore, devices}
Outcome identity_list(Services& services, const std::string& connector, const device::IdentityQuery& query);
Outcome one_identity(Services& services, const std::string& connector, const std::string& identity);

}  // namespace api
