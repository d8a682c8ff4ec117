#pragma once
// Routes, access and error formats behind net's HttpService, shared by the control API and the device port's HTTPS.

#include "server/api/base/access.h"
#include "server/api/base/exchange.h"
#include "server/api/base/router.h"
#include "server/control/journal_port.h"
#include "server/http/service.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace api {

class RoutedService : public net::HttpService {
  public:
    // family: the error format on paths without a route.
    using FamilyOf = std::function<Family(const net::HttpHead&)>;
    RoutedService(device::JournalPort& journal, Router router, AccessPolicy access, FamilyOf family,
                  OnRefused on_refused = {});

    std::unique_ptr<net::HttpExchange> begin(std::shared_ptr<const net::HttpHead> head,
                                             const net::HttpPeer& peer) override;
    net::HttpResponse failure(const net::HttpHead& head, unsigned status, const std::string& message) override;
    net::HttpResponse reader_error(const net::HttpPeer& peer, unsigned status, const std::string& message) override;
    std::uint64_t watch(std::function<void()> wake) override;
    void unwatch(std::uint64_t watch) override;

    const Router& router() const { return router_; }

  private:
    std::unique_ptr<net::HttpExchange> refused(Family family, const net::HttpHead& head, const net::HttpPeer& peer,
                                               const Error& error, const std::vector<std::string>& allowed = {}) const;
    std::unique_ptr<net::HttpExchange> no_route(Family family, const net::HttpHead& head, const net::HttpPeer& peer,
                                                const std::vector<std::string>& allowed) const;

    device::JournalPort& journal_;
    Router router_;
    AccessPolicy access_;
    FamilyOf family_;
    OnRefused on_refused_;
};

}  // namespace api
