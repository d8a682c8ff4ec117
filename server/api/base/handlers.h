#pragma once
// The groups of calls, one file each. Every function adds its routes; their handlers keep a reference to `services`.

#include "server/api/base/route.h"
#include "server/api/base/services.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

using Routes = std::vector<Route>;

void add_health_routes(Routes& routes, Services& services);
void add_account_routes(Routes& routes, Services& services);
void add_two_factor_routes(Routes& routes, Services& services);
void add_solution_routes(Routes& routes, Services& services);
void add_solution_log_route(Routes& routes, Services& services);
void add_device2_settings_routes(Routes& routes, Services& services);
void add_device2_identity_routes(Routes& routes, Services& services);
void add_device2_upload_route(Routes& routes, Services& services);
void add_device2_call_route(Routes& routes, Services& services);
void add_device2_state_routes(Routes& routes, Services& services);
void add_content_item_routes(Routes& routes, Services& services);
void add_content_link_routes(Routes& routes, Services& services);  // the two-step upload and download
void add_content_download_route(Routes& routes, Services& services, bool device_port);
void add_connector_routes(Routes& routes, Services& services);
void add_connection_routes(Routes& routes, Services& services);
void add_identity_routes(Routes& routes, Services& services);
void add_history_routes(Routes& routes, Services& services);
void add_event_routes(Routes& routes, Services& services);
void add_event_payload_route(Routes& routes, Services& services);
void add_report_routes(Routes& routes, Services& services);
void add_wait_routes(Routes& routes, Services& services);
void add_clock_routes(Routes& routes, Services& services);
void add_snapshot_routes(Routes& routes, Services& services);
void add_reset_routes(Routes& routes, Services& services);
void add_fault_routes(Routes& routes, Services& services);
void add_run_routes(Routes& routes, Services& services);  // the verdict
void add_simulated_routes(Routes& routes, Services& services);
void add_device_port_routes(Routes& routes, Services& services);  // [R64], [R65]
// Serves `document`, which is filled in once all routes are known.
void add_openapi_routes(Routes& routes, std::shared_ptr<const std::string> document);

// All calls of the control API.
Routes control_routes(Services& services);

// The settings as Murano shows them, resources and fqdn included.
Outcome device2_settings(Services& services, const std::string& connector);

// Murano's answer to a login: a new token, valid for ttl_s seconds (default two days).
Outcome new_token(Services& services, const std::string& email, std::optional<std::int64_t> ttl_s);
// Any password is accepted, unless the server has an API token.
bool password_fits(const Services& services, const std::optional<std::string>& password);
// Whether an account has a second factor: those with "+twofactor" before the @ do.
bool has_second_factor(std::string_view email);
// Murano's answer in that case; the code, which Murano mails, is in the answer.
Outcome ask_second_factor(Services& services, const std::string& email);

// 2xx with no body, or the error.
Outcome done(device::Failure&& failure, unsigned status = 204);

net::HttpResponse done_response(Family family, const device::Failure& failure);
// Deletes everything in it too, which takes a while for a large one.
Outcome delete_connector(Services& services, const std::string& connector, Family family);

// Answers with `then(result)` when the work is done; the work runs in its own slices.
template <typename Result, typename Then>
Outcome in_slices(device::SlicedWork<Result> work, Then then) {
    const std::shared_ptr<device::Sliced<Result>> shared = std::move(work);
    auto poll = [shared, then = std::move(then)](bool) -> net::Polled {
        auto result = shared->go_on();
        if (!result) return net::NotYet::goes_on;
        return then(std::move(*result));
    };
    return net::LongPoll{std::move(poll), 0};
}

// "https://host:port" as this request used it.
std::string request_base(const Request& request);

}  // namespace api
