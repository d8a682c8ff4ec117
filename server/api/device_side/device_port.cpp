// HTTPS on the device port: activation [R64] and uploads of devices [R65].
#include "config/content_names.h"
#include "server/api/base/access.h"
#include "server/api/base/content_base.h"
#include "server/api/base/handlers.h"
#include "server/api/base/rooms.h"
#include "server/api/content/sink.h"
#include "server/api/content/version.h"
#include "server/http/form.h"
#include "server/text/base64.h"

namespace api {

namespace {

std::string form_value(const std::vector<net::HttpPair>& form, std::string_view name) {
    for (const net::HttpPair& pair : form) {
        if (pair.name == name) return pair.value;
    }
    return {};
}

std::string host_with_port(const Request& request) {
    const auto host = net::trimmed(request.head->field("Host"));
    return names_port(host) ? std::string(host) : std::string();
}

// [R64]
unsigned status_of(murano::NoProvisioning refused) {
    using Why = murano::NoProvisioning;
    switch (refused) {
        case Why::bad_request:
            return 400;
        case Why::forbidden:
            return 403;
        case Why::not_found:
            return 404;
        case Why::conflict:
            return 409;
        case Why::full:
            break;
    }
    return 507;
}

Outcome activate(Services& services, const Request& request) {
    const auto form = net::parse_form(request.body);
    if (!form) return bad_request("the body is not a form");
    std::string identity = form_value(*form, "id");
    if (identity.empty()) identity = form_value(*form, "sn");
    if (identity.empty()) return bad_request("the form must name the device: id=<identity>");
    // SNI selects the connector; vendor and model are what old tools send besides. [R64]
    const auto activated =
        services.http_devices.activate({request.peer.connector, std::move(identity), form_value(*form, "password"),
                                        request.peer.ip, request.peer.connection_id, host_with_port(request)});
    if (!activated.refused && activated.text.empty()) return empty_response();
    return text_response(activated.text, activated.refused ? status_of(*activated.refused) : 200, "text/plain");
}

// X-Exosite-CIK, "token T", or "basic" of identity and password, where an empty identity means a token.
device::HttpCredential credential(const Request& request) {
    device::HttpCredential found;
    found.connector = request.peer.connector;
    found.certificate_pem = request.peer.certificate_pem;
    found.host = host_with_port(request);
    found.token = net::trimmed(request.head->field("X-Exosite-CIK"));
    const std::string_view header = net::trimmed(request.head->field("Authorization"));
    const auto space = header.find(' ');
    if (space == std::string_view::npos) return found;
    const std::string_view value = net::trimmed(header.substr(space));
    if (net::equals_ignoring_case(header.substr(0, space), "token")) found.token = value;
    if (!net::equals_ignoring_case(header.substr(0, space), "basic")) return found;
    const std::string pair = text::base64_decode(value).value_or("");
    const auto colon = pair.find(':');
    if (colon == std::string::npos) return found;
    if (colon == 0) {
        found.token = pair.substr(1);
    } else {
        found.user = pair.substr(0, colon);
        found.password = pair.substr(colon + 1);
    }
    return found;
}

SinkOutcome begin_upload(Services& services, const Request& request) {
    auto identity = services.http_devices.authenticate(credential(request));
    if (!identity) return Error{401, "unauthorized", "no valid credential of a device", {}};
    if (!config::is_content_id(request.param("name"))) return bad_request(config::content_id_rule);
    if (!config::is_media_type(request.head->media_type())) return bad_request(config::media_type_rule);
    const std::string id = DeviceUpload::item_id(*identity, request.param("name"));
    if (auto error = refuse_condition(services, *request.head, request.peer.connector, id)) return *error;
    return std::make_unique<DeviceUpload>(services, request, std::move(*identity));
}

}  // namespace

void add_device_port_routes(Routes& routes, Services& services) {
    Route activation{"POST", "/provision/activate", Family::plain, "Provisions a device: id=<identity>[&password=…]"};
    activation.body = BodyKind::form;
    activation.access = Access::open;
    activation.body_limit = 64 * 1024;
    activation.answers = {{200, "the token", "text/plain"},
                          {204, "the password is accepted", ""},
                          {507, "limits.max_identities is reached", "text/plain"}};
    activation.handler = [&services](const Request& request) { return activate(services, request); };
    routes.push_back(std::move(activation));

    Route upload{"PUT", "/provision/content/{name}", Family::plain, "Stores a file of the device"};
    upload.body = BodyKind::bytes;
    upload.access = Access::open;
    upload.body_limit = services.options.max_content_bytes;
    upload.answers = {{201, "stored", ""},
                      {204, "replaced", ""},
                      {400, "a name or a media type that cannot be", "text/plain"},
                      {401, "no valid credential", "text/plain"},
                      {412, "the condition does not hold (If-Match, If-None-Match)", "text/plain"},
                      {503, "limits.max_uploads is reached; Retry-After says when to try again", "text/plain"}};
    upload.sink = [&services](const Request& request) {
        return in_upload_room(services, [&] { return begin_upload(services, request); });
    };
    routes.push_back(std::move(upload));
}

}  // namespace api
