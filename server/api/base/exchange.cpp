#include "server/api/base/exchange.h"

#include "server/http/multipart.h"

#include <algorithm>

namespace api {

namespace {

bool is_connector_id(std::string_view text) {
    return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool type_fits(BodyKind kind, const net::HttpHead& head) {
    const std::string type = head.media_type();
    switch (kind) {
        case BodyKind::json:
        case BodyKind::optional_json:
            return type.empty() || type == "application/json" || type.ends_with("+json");
        case BodyKind::form:
            return type.empty() || type == "application/x-www-form-urlencoded";
        case BodyKind::form_data:
            return net::multipart_boundary(head.field("Content-Type")).has_value();
        case BodyKind::none:
        case BodyKind::bytes:
            break;
    }
    return true;
}

// A body that says nothing: some clients send one with every request.
bool says_nothing(std::string_view body) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = body.find_first_not_of(blank);
    if (first == std::string_view::npos) return true;
    body = body.substr(first, body.find_last_not_of(blank) - first + 1);
    return body == "{}" || body == "null";
}

std::string query_names(const Route& route) {
    std::string names;
    for (const QueryParameter& known : route.query) names += (names.empty() ? "?" : ", ?") + known.name;
    return names;
}

std::string wanted_type(BodyKind kind) {
    if (kind == BodyKind::form) return "application/x-www-form-urlencoded";
    return kind == BodyKind::form_data ? "multipart/form-data with a boundary" : "application/json";
}

}  // namespace

Exchange::Exchange(Family family, net::HttpResponse refusal) : family_(family), refusal_(std::move(refusal)) {}

Exchange::Exchange(const Route& route, Request request, OnRefused on_refused)
    : family_(route.family), route_(&route), request_(std::move(request)), on_refused_(std::move(on_refused)) {
    if (auto error = check_body()) {
        refusal_ = refuse(*error);
        return;
    }
    if (!route.sink) return;
    SinkOutcome outcome = route.sink(request_);
    if (auto* error = std::get_if<Error>(&outcome)) {
        refusal_ = refuse(*error);
    } else {
        sink_ = std::move(std::get<std::unique_ptr<BodySink>>(outcome));
    }
}

std::optional<Error> Exchange::check_body() const {
    if (request_.params.contains("connector") && !is_connector_id(request_.param("connector"))) {
        return not_found("a connector id is 1 to 63 of a-z, 0-9 and -");
    }
    const net::HttpHead& head = *request_.head;
    const bool needs_body =
        route_->body == BodyKind::form || route_->body == BodyKind::form_data || route_->body == BodyKind::bytes;
    if (needs_body && !head.content_length && !head.chunked) {
        return Error{
            411, "length_required", "this request has a body, so Content-Length must say how many bytes it has", {}};
    }
    const bool body_expected = head.has_body() || route_->body == BodyKind::form_data;
    if (body_expected && !type_fits(route_->body, head)) {
        return Error{415, "unsupported_media_type", "the Content-Type must be " + wanted_type(route_->body), {}};
    }
    if (head.content_length.value_or(0) > route_->body_limit) {
        return Error{
            413, "too_large", "the body may have at most " + std::to_string(route_->body_limit) + " bytes", {}};
    }
    return std::nullopt;
}

std::optional<net::HttpResponse> Exchange::write(std::string_view bytes) {
    if (auto error = sink_->write(bytes)) return refuse(*error);
    return std::nullopt;
}

// A call that ignored what it does not understand would do more than was meant: reset everything, say.
std::optional<Error> Exchange::check_understood(std::string_view body) const {
    const std::string names = query_names(*route_);
    if (route_->body == BodyKind::none && !says_nothing(body)) {
        return bad_request("this call takes no body, so nothing was done" +
                           (names.empty() ? std::string() : ": its parameters are in the query (" + names + ")"));
    }
    if (route_->family != Family::emulator || route_->method == "GET") return std::nullopt;
    for (const net::HttpPair& given : request_.head->query) {
        const auto known = [&](const QueryParameter& one) { return one.name == given.name; };
        if (std::any_of(route_->query.begin(), route_->query.end(), known)) continue;
        return bad_request("this call has no such parameter, so nothing was done" +
                               (names.empty() ? std::string() : "; it takes " + names),
                           "?" + given.name);
    }
    return std::nullopt;
}

net::HttpAnswer Exchange::finish(std::string body) {
    if (sink_) return shown(sink_->finish());
    if (auto error = check_understood(body)) return shown(std::move(*error));
    request_.body = std::move(body);
    return shown(route_->handler(request_));
}

net::HttpAnswer Exchange::shown(Outcome&& outcome) const {
    if (auto* error = std::get_if<Error>(&outcome)) return refuse(*error);
    if (auto* poll = std::get_if<net::LongPoll>(&outcome)) return std::move(*poll);
    if (auto* stream = std::get_if<net::EventStream>(&outcome)) return std::move(*stream);
    return std::move(std::get<net::HttpResponse>(outcome));
}

net::HttpResponse Exchange::reader_error(unsigned status, const std::string& message) {
    const char* code = status == 413 ? "too_large" : "bad_request";
    return refuse({static_cast<int>(status), code, message, {}});
}

net::HttpResponse Exchange::refuse(const Error& error) const {
    if (on_refused_) on_refused_(request_.peer, request_.head.get(), error);
    return error_response(family_, error);
}

}  // namespace api
