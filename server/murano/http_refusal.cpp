#include "server/murano/http_refusal.h"

#include "server/murano/quote.h"

#include <string>

namespace murano {
namespace {

std::string_view rule_of(std::string_view path) {
    if (path.starts_with("/provision/activate")) return "R64";
    return path.starts_with("/provision/content") ? "R65" : "R60";
}

std::string_view hint_of(const RefusedRequest& request) {
    const bool item = request.path.starts_with("/content/");
    switch (request.status) {
        case 401:
            return "Send the token in Authorization: token <token>, or in X-Exosite-CIK, or show the client "
                   "certificate.";
        case 403:
            return "Fetch the url of the $content answer as it stands, by the host name in it, before it expires.";
        case 404:
            return item ? "Ask $content for what there is."
                        : "This port serves GET of a $content url, POST /provision/activate and PUT "
                          "/provision/content/<name>.";
        case 411:
            return "Send Content-Length, or the body in chunks with Transfer-Encoding: chunked.";
        case 416:
            return "$content and HEAD tell how long the item is.";
        default:
            return {};
    }
}

}  // namespace

Finding http_refusal(const RefusedRequest& request) {
    std::string message = request.method.empty() ? "An HTTP request" : std::string(request.method);
    if (!request.method.empty()) message += ' ' + quoted(request.path);
    message += " was refused with " + std::to_string(request.status) + ": " + std::string(request.cause) + '.';
    return {std::string(rule_of(request.path)), journal::Severity::warning, std::move(message),
            std::string(hint_of(request))};
}

}  // namespace murano
