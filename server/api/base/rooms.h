#pragma once
// Downloads, uploads and event streams take a place each; where none is left they are told to come back (503).

#include "server/api/base/request.h"
#include "server/api/base/services.h"

#include <functional>
#include <string_view>

namespace api {

// `limit`: the setting to name. A file or a stream keeps its place until it has left; any other answer needs none.
Outcome in_room(std::optional<runtime::Places>& room, std::string_view limit, const std::function<Outcome()>& answer);

// The upload keeps its place until it ends.
SinkOutcome in_upload_room(Services& services, const std::function<SinkOutcome()>& begin);

}  // namespace api
