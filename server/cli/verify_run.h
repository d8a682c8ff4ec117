#pragma once
// One run from beginning to end, as the command sees it: prints progress, answers hooks.

#include "server/cli/verify_scene.h"

#include <iosfwd>

namespace cli {

// The finished run. Throws std::runtime_error if it could not be done because the server is gone or a hook failed; the
// run is then aborted. SIGINT and SIGTERM abort it too.
config::JsonNode verify_run(VerifyScene& scene, const VerifyRequest& request, std::ostream& err);

}  // namespace cli
