#pragma once
// Limits concurrent downloads, uploads and event streams; beyond the limit the client gets 503 and may retry.

#include "server/api/base/request.h"
#include "server/api/base/services.h"

#include <functional>
#include <string_view>

namespace api {

// `limit`: the setting to name. A file or a stream holds a permit until it is sent; other answers need none.
Outcome in_room(std::optional<runtime::Places>& room, std::string_view limit, const std::function<Outcome()>& answer);

// The upload holds a permit until it ends.
SinkOutcome in_upload_room(Services& services, const std::function<SinkOutcome()>& begin);

}  // namespace api
