#pragma once
// Routes, access and error shapes behind net's HttpService: what the control API and the device port's HTTPS share.

#include "server/api/access.h"
#include "server/api/router.h"
#include "server/device/control_port.h"
#include "server/net/http_service.h"

#include <functional>
#include <memory>
#include <string>

namespace api {

class RoutedService : public net::HttpService {
  public:
    // family: the shape of errors on paths that have no route.
    using FamilyOf = std::function<Family(const net::HttpHead&)>;
    RoutedService(device::ControlPort& control, Router router, AccessPolicy access, FamilyOf family);

    std::unique_ptr<net::HttpExchange> begin(std::shared_ptr<const net::HttpHead> head,
                                             const net::HttpPeer& peer) override;
    net::HttpResponse failure(const net::HttpHead& head, unsigned status, const std::string& message) override;
    net::HttpResponse reader_error(unsigned status, const std::string& message) override;
    std::uint64_t watch(std::function<void()> wake) override;
    void unwatch(std::uint64_t watch) override;

    const Router& router() const { return router_; }

  private:
    device::ControlPort& control_;
    Router router_;
    AccessPolicy access_;
    FamilyOf family_;
};

}  // namespace api
