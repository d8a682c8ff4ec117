#include "server/api/exchange.h"

#include "server/net/http_multipart.h"

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

std::string wanted_type(BodyKind kind) {
    if (kind == BodyKind::form) return "application/x-www-form-urlencoded";
    return kind == BodyKind::form_data ? "multipart/form-data with a boundary" : "application/json";
}

}  // namespace

Exchange::Exchange(Family family, net::HttpResponse refusal) : family_(family), refusal_(std::move(refusal)) {}

Exchange::Exchange(const Route& route, Request request)
    : family_(route.family), route_(&route), request_(std::move(request)) {
    if (auto error = check_body()) {
        refusal_ = error_response(family_, *error);
        return;
    }
    if (!route.sink) return;
    SinkOutcome outcome = route.sink(request_);
    if (auto* error = std::get_if<device::ControlError>(&outcome)) {
        refusal_ = error_response(family_, *error);
    } else {
        sink_ = std::move(std::get<std::unique_ptr<BodySink>>(outcome));
    }
}

std::optional<device::ControlError> Exchange::check_body() const {
    if (request_.params.contains("connector") && !is_connector_id(request_.param("connector"))) {
        return not_found("a connector id is 1 to 63 of a-z, 0-9 and -");
    }
    const net::HttpHead& head = *request_.head;
    const bool body_expected = head.has_body() || route_->body == BodyKind::form_data;
    if (body_expected && !type_fits(route_->body, head)) {
        return device::ControlError{
            415, "unsupported_media_type", "the Content-Type must be " + wanted_type(route_->body), {}};
    }
    if (head.content_length.value_or(0) > route_->body_limit) {
        return device::ControlError{
            413, "too_large", "the body may have at most " + std::to_string(route_->body_limit) + " bytes", {}};
    }
    return std::nullopt;
}

std::optional<net::HttpResponse> Exchange::write(std::string_view bytes) {
    if (auto error = sink_->write(bytes)) return error_response(family_, *error);
    return std::nullopt;
}

net::HttpAnswer Exchange::finish(std::string body) {
    if (sink_) return shown(sink_->finish());
    request_.body = std::move(body);
    return shown(route_->handler(request_));
}

net::HttpAnswer Exchange::shown(Outcome&& outcome) const {
    if (auto* error = std::get_if<device::ControlError>(&outcome)) return error_response(family_, *error);
    if (auto* poll = std::get_if<net::LongPoll>(&outcome)) return std::move(*poll);
    if (auto* stream = std::get_if<net::EventStream>(&outcome)) return std::move(*stream);
    return std::move(std::get<net::HttpResponse>(outcome));
}

net::HttpResponse Exchange::reader_error(unsigned status, const std::string& message) {
    const char* code = status == 413 ? "too_large" : "bad_request";
    return error_response(family_, {static_cast<int>(status), code, message, {}});
}

}  // namespace api
