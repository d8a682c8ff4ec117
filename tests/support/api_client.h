#pragma once
// Calls an HttpService as a connection would, from bytes to answer, without a socket.

#include "server/api/base/simulated_devices.h"
#include "server/api/control_api.h"
#include "server/api/device_side/device_http.h"
#include "server/http/reader.h"
#include "tests/support/fake_control.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace test {

using Fields = std::vector<net::HttpField>;

class ApiClient {
  public:
    explicit ApiClient(net::HttpService& service) : service_(service) {}

    net::HttpPeer peer{"conn", "192.0.2.7", false, false, "c1", ""};
    Fields extra;          // sent with every request
    std::size_t step = 7;  // bytes that arrive at once

    net::HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = "",
                        const Fields& fields = {}) {
        net::HttpReader reader;
        std::unique_ptr<net::HttpExchange> exchange;
        const std::string bytes = request_bytes(method, target, body, fields);
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            reader.feed(std::string_view(bytes).substr(at, step));
            while (auto event = reader.next()) {
                if (auto answer = step_on(reader, exchange, *event)) return std::move(*answer);
            }
        }
        throw std::runtime_error("the request ended without an answer");
    }

    net::HttpResponse response(const std::string& method, const std::string& target, const std::string& body = "",
                               const Fields& fields = {}) {
        auto answer = ask(method, target, body, fields);
        if (auto* poll = std::get_if<net::LongPoll>(&answer)) return to_its_end(*poll);
        return std::move(std::get<net::HttpResponse>(answer));
    }
    // "200 body"
    std::string said(const std::string& method, const std::string& target, const std::string& body = "",
                     const Fields& fields = {}) {
        const net::HttpResponse answer = response(method, target, body, fields);
        return std::to_string(answer.status) + (answer.body.empty() ? "" : " ") + answer.body;
    }

    // The answer of a call whose time is over.
    static net::HttpResponse to_its_end(net::LongPoll& poll) {
        while (true) {
            auto polled = poll.poll(true);
            if (auto* response = std::get_if<net::HttpResponse>(&polled)) return std::move(*response);
        }
    }

  private:
    std::string request_bytes(const std::string& method, const std::string& target, const std::string& body,
                              Fields fields) const {
        fields.insert(fields.end(), extra.begin(), extra.end());
        std::string bytes = method + ' ' + target + " HTTP/1.1\r\n";
        bool host = false;
        bool type = false;
        for (const net::HttpField& field : fields) {
            host = host || field.name == "Host";
            type = type || field.name == "Content-Type";
            bytes += field.name + ": " + field.value + "\r\n";
        }
        if (!host) bytes += "Host: localhost:8080\r\n";
        if (!type && !body.empty()) bytes += "Content-Type: application/json\r\n";
        if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return bytes + "\r\n" + body;
    }

    std::optional<net::HttpAnswer> step_on(net::HttpReader& reader, std::unique_ptr<net::HttpExchange>& exchange,
                                           net::HttpEvent& event) {
        if (auto* ready = std::get_if<net::HeadersReady>(&event)) {
            exchange = service_.begin(ready->head, peer);
            if (exchange->refusal()) return *exchange->refusal();
            exchange->streams_body() ? reader.stream_body(exchange->body_limit())
                                     : reader.collect_body(exchange->body_limit());
        } else if (auto* piece = std::get_if<net::BodyChunk>(&event)) {
            if (auto early = exchange->write(piece->bytes)) return *early;
        } else if (auto* complete = std::get_if<net::Complete>(&event)) {
            return exchange->finish(std::move(complete->body));
        } else {
            const auto& error = std::get<net::HttpError>(event);
            return exchange ? exchange->reader_error(error.status, error.message)
                            : service_.reader_error(peer, error.status, error.message);
        }
        return std::nullopt;
    }

    net::HttpService& service_;
};

// Accepts orders, and does nothing with them.
class NothingSimulated : public api::SimulatedDevices {
  public:
    std::variant<std::vector<api::SimulatedView>, device::ControlError> start(const api::SimulatedOrder&) override {
        return std::vector<api::SimulatedView>();
    }
    std::vector<api::SimulatedView> list() const override { return {}; }
    std::size_t stop(std::string_view, std::string_view) override { return 0; }
};

// Everything for the control API and the device port's HTTPS, and a client for each.
struct ApiWorld {
    explicit ApiWorld(std::string token = "") {
        services.options.token = std::move(token);
        services.simulated = &simulated;
    }

    FakeControl control;
    NothingSimulated simulated;
    runtime::Random random = runtime::Random::from_seed(1);
    api::ContentUrls urls{"a secret of this folder", 600};
    api::AccountTokens tokens;
    api::AccountTokens codes;
    api::Services services{.connectors = control,
                           .identities = control,
                           .state = control,
                           .content = control,
                           .http_devices = control,
                           .connections = control,
                           .journal = control,
                           .clock = control,
                           .resets = control,
                           .snapshots = control,
                           .process = control,
                           .random = random,
                           .urls = urls,
                           .tokens = tokens,
                           .codes = codes,
                           .ca_pem = [] { return std::string("PEM"); },
                           .options = {}};
    std::unique_ptr<net::HttpService> api = api::make_control_api(services);
    std::unique_ptr<net::HttpService> device_http = api::make_device_http(services);
    ApiClient client{*api};
    ApiClient device{*device_http};
};

// For tests with a token, which must be set before the routes are made.
struct TokenWorld : ApiWorld {
    TokenWorld() : ApiWorld("T0ken") {
        api = api::make_control_api(services);
        client_with_token = std::make_unique<ApiClient>(*api);
    }
    std::unique_ptr<ApiClient> client_with_token;
};

}  // namespace test
