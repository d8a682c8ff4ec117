#pragma once
// One request on its route.

#include "server/api/base/route.h"
#include "server/http/service.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// Hears of every request that is answered with an error. `head` is nullptr where it could not be read.
using OnRefused = std::function<void(const net::HttpPeer& peer, const net::HttpHead* head, const Error& error)>;

class Exchange : public net::HttpExchange {
  public:
    // A request answered without looking at its body.
    Exchange(Family family, net::HttpResponse refusal);
    // On a route; `route` outlives this. Refuses a body of the wrong type or size.
    Exchange(const Route& route, Request request, OnRefused on_refused = {});

    const std::optional<net::HttpResponse>& refusal() const override { return refusal_; }
    std::uint64_t body_limit() const override { return route_ != nullptr ? route_->body_limit : 0; }
    bool streams_body() const override { return sink_ != nullptr; }
    std::optional<net::HttpResponse> write(std::string_view bytes) override;
    net::HttpAnswer finish(std::string body) override;
    net::HttpResponse reader_error(unsigned status, const std::string& message) override;

  private:
    std::optional<Error> check_body() const;
    std::optional<Error> check_understood(std::string_view body) const;
    net::HttpAnswer shown(Outcome&& outcome) const;
    net::HttpResponse refuse(const Error& error) const;

    Family family_;
    const Route* route_ = nullptr;
    Request request_;
    std::optional<net::HttpResponse> refusal_;
    std::unique_ptr<BodySink> sink_;
    OnRefused on_refused_;
};

}  // namespace api
