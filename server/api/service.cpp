#include "server/api/service.h"

#include "server/api/exchange.h"

namespace api {

namespace {

std::unique_ptr<net::HttpExchange> refused(Family family, const device::ControlError& error) {
    net::HttpResponse response = error_response(family, error);
    if (error.status == 401) response.set("WWW-Authenticate", "Bearer");
    return std::make_unique<Exchange>(family, std::move(response));
}

std::unique_ptr<net::HttpExchange> wrong_method(Family family, const std::vector<std::string>& allowed) {
    std::string list;
    for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
    net::HttpResponse response = error_response(family, {405, "method_not_allowed", "this path takes " + list, {}});
    response.set("Allow", list);
    return std::make_unique<Exchange>(family, std::move(response));
}

}  // namespace

RoutedService::RoutedService(device::ControlPort& control, Router router, AccessPolicy access, FamilyOf family)
    : control_(control), router_(std::move(router)), access_(std::move(access)), family_(std::move(family)) {}

std::unique_ptr<net::HttpExchange> RoutedService::begin(std::shared_ptr<const net::HttpHead> head,
                                                        const net::HttpPeer& peer) {
    RouteMatch match = router_.match(head->method, head->segments);
    const Family family = match.route != nullptr ? match.route->family : family_(*head);
    // Who may not call anything is not told either what there is to call.
    const Access access = match.route != nullptr ? match.route->access : Access::token;
    if (const auto error = check_access(access_, *head, peer, access)) return refused(family, *error);
    if (match.route != nullptr) {
        return std::make_unique<Exchange>(*match.route, Request{std::move(head), peer, std::move(match.params), {}});
    }
    if (!match.allowed.empty()) return wrong_method(family, match.allowed);
    return refused(family, not_found("there is nothing at this path"));
}

net::HttpResponse RoutedService::failure(const net::HttpHead& head, unsigned status, const std::string& message) {
    const RouteMatch match = router_.match(head.method, head.segments);
    const Family family = match.route != nullptr ? match.route->family : family_(head);
    return error_response(family, {static_cast<int>(status), "not_committed", message, {}});
}

net::HttpResponse RoutedService::reader_error(unsigned status, const std::string& message) {
    net::HttpResponse response = text_response(message + '\n', status);
    response.close = true;
    return response;
}

std::uint64_t RoutedService::watch(std::function<void()> wake) {
    return control_.watch_events(std::move(wake));
}
void RoutedService::unwatch(std::uint64_t watch) {
    control_.unwatch_events(watch);
}

}  // namespace api
