#include "server/api/base/service.h"

#include <algorithm>

namespace api {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
}

std::string upper_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

}  // namespace

RoutedService::RoutedService(device::JournalPort& journal, Router router, AccessPolicy access, FamilyOf family,
                             OnRefused on_refused)
    : journal_(journal),
      router_(std::move(router)),
      access_(std::move(access)),
      family_(std::move(family)),
      on_refused_(std::move(on_refused)) {}

std::unique_ptr<net::HttpExchange> RoutedService::refused(Family family, const net::HttpHead& head,
                                                          const net::HttpPeer& peer, const Error& error,
                                                          const std::vector<std::string>& allowed) const {
    net::HttpResponse response = error_response(family, error);
    if (error.status == 401) response.set("WWW-Authenticate", "Bearer");
    if (!allowed.empty()) response.set("Allow", joined(allowed));
    if (on_refused_) on_refused_(peer, &head, error);
    return std::make_unique<Exchange>(family, std::move(response));
}

std::unique_ptr<net::HttpExchange> RoutedService::no_route(Family family, const net::HttpHead& head,
                                                           const net::HttpPeer& peer,
                                                           const std::vector<std::string>& allowed) const {
    if (allowed.empty()) return refused(family, head, peer, not_found("there is nothing at this path"));
    Error error{405, "method_not_allowed", "this path takes " + joined(allowed), {}};
    const std::string method = upper_case(head.method);
    if (std::find(allowed.begin(), allowed.end(), method) != allowed.end()) {
        error.message += ", and methods are written in capitals: send " + method;
    }
    return refused(family, head, peer, error, allowed);
}

std::unique_ptr<net::HttpExchange> RoutedService::begin(std::shared_ptr<const net::HttpHead> head,
                                                        const net::HttpPeer& peer) {
    RouteMatch match = router_.match(head->method, head->segments);
    const Family family = match.route != nullptr ? match.route->family : family_(*head);
    // Who may not call anything is not told either what there is to call.
    const Access access = match.route != nullptr ? match.route->access : Access::token;
    if (const auto error = check_access(access_, *head, peer, access)) return refused(family, *head, peer, *error);
    if (head->host_differs) {
        return refused(family, *head, peer, bad_request("the request target names another host than the Host header"));
    }
    if (match.route == nullptr) return no_route(family, *head, peer, match.allowed);
    return std::make_unique<Exchange>(*match.route, Request{std::move(head), peer, std::move(match.params), {}},
                                      on_refused_);
}

net::HttpResponse RoutedService::failure(const net::HttpHead& head, unsigned status, const std::string& message) {
    const RouteMatch match = router_.match(head.method, head.segments);
    const Family family = match.route != nullptr ? match.route->family : family_(head);
    return error_response(family, {static_cast<int>(status), "not_committed", message, {}});
}

net::HttpResponse RoutedService::reader_error(const net::HttpPeer& peer, unsigned status, const std::string& message) {
    if (on_refused_) on_refused_(peer, nullptr, {static_cast<int>(status), "bad_request", message, {}});
    net::HttpResponse response = text_response(message + '\n', status);
    response.close = true;
    return response;
}

std::uint64_t RoutedService::watch(std::function<void()> wake) {
    return journal_.watch_events(std::move(wake));
}
void RoutedService::unwatch(std::uint64_t watch) {
    journal_.unwatch_events(watch);
}

}  // namespace api
