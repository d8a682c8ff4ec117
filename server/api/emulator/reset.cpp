// POST /_emulator/v1/reset: back to the settings file's state.
#include "server/api/base/handlers.h"
#include "server/api/base/simulated_devices.h"

namespace api {

namespace {

Outcome reset(Services& services, const Request& request) {
    const std::string connector = request.query("connector");
    const std::string identity = request.query("identity");
    if (connector.empty() && !identity.empty()) return bad_request("an identity needs its connector", "?connector");
    // They would make their identities anew.
    if (services.simulated != nullptr) services.simulated->stop(connector, identity);
    if (connector.empty() || !identity.empty()) return done(services.resets.reset(connector, identity));
    return in_slices(services.resets.thin_out(connector), [&services, connector](std::monostate) {
        return done_response(Family::emulator, services.resets.reset(connector, {}));
    });
}

}  // namespace

void add_reset_routes(Routes& routes, Services& services) {
    Route post{"POST", "/_emulator/v1/reset", Family::emulator,
               "Back to the state of the settings file; closes connections and answers when done"};
    post.query = {{"connector", "string", "only this one"}, {"identity", "string", "only this device of it"}};
    post.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    post.handler = [&services](const Request& request) { return reset(services, request); };
    routes.push_back(std::move(post));
}

}  // namespace api
