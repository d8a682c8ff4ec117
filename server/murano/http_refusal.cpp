#include "server/murano/http_refusal.h"

#include "server/murano/quote.h"

#include <string>

namespace murano {
namespace {

struct Refusal {
    std::string_view code, hint;
};

constexpr std::string_view show_credential =
    "Send the token in Authorization: token <token>, or in X-Exosite-CIK, or show the client certificate.";
constexpr std::string_view send_length = "Send Content-Length, or the body in chunks with Transfer-Encoding: chunked.";

Refusal of_activation(int status) {
    if (status == 401) return {"R64.no_credential", show_credential};
    if (status == 411) return {"R64.no_length", send_length};
    return {"R64.request_refused", {}};
}

Refusal of_upload(int status) {
    if (status == 401) return {"R65.no_credential", show_credential};
    if (status == 411) return {"R65.no_length", send_length};
    return {"R65.request_refused", {}};
}

Refusal of_other(int status, bool item) {
    switch (status) {
        case 401:
            return {"R60.no_credential", show_credential};
        case 403:
            return {"R60.bad_link",
                    "Fetch the url of the $content answer unchanged, with its host name, before it expires."};
        case 404:
            if (item) return {"R60.unknown_item", "Publish to $content for the list of items."};
            return {"R60.unknown_path",
                    "This port serves GET of a $content url, POST /provision/activate and PUT "
                    "/provision/content/<name>."};
        case 411:
            return {"R60.no_length", send_length};
        case 416:
            return {"R60.range_behind_the_end", "$content and HEAD give the item's length."};
        default:
            return {"R60.request_refused", {}};
    }
}

Refusal refusal_of(const RefusedRequest& request) {
    if (request.path.starts_with("/provision/activate")) return of_activation(request.status);
    if (request.path.starts_with("/provision/content")) return of_upload(request.status);
    return of_other(request.status, request.path.starts_with("/content/"));
}

}  // namespace

Finding http_refusal(const RefusedRequest& request) {
    std::string message = request.method.empty() ? "An HTTP request" : std::string(request.method);
    if (!request.method.empty()) message += ' ' + quoted(request.path);
    message += " was refused with " + std::to_string(request.status) + ": " + std::string(request.cause) + '.';
    const auto refusal = refusal_of(request);
    return {refusal.code, journal::Severity::warning, std::move(message), std::string(refusal.hint)};
}

}  // namespace murano
