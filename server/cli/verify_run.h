#pragma once
// One run from its begin to its end, as the command sees it: says what goes on, answers hooks.

#include "server/cli/verify_scene.h"

#include <iosfwd>

namespace cli {

// The run as it ended. Throws std::runtime_error where it could not be done: the server is gone, or a hook failed; the
// run is then aborted. SIGINT and SIGTERM end it so too.
config::JsonNode verify_run(VerifyScene& scene, const VerifyRequest& request, std::ostream& err);

}  // namespace cli
