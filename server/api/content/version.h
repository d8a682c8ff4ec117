#pragma once
// The version of a content item, for conditional requests. [R60]

#include "server/api/base/error.h"
#include "server/api/base/services.h"
#include "server/http/conditions.h"

#include <optional>
#include <string>

namespace api {

net::FileVersion version_of(const storage::ContentRow& row);

// 412 where a condition of an upload (If-Match, If-None-Match, If-Unmodified-Since) does not hold for what is there
// now.
std::optional<Error> refuse_condition(Services& services, const net::HttpHead& request, const std::string& connector,
                                      const std::string& id);

}  // namespace api
