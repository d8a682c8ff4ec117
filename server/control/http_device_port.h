#pragma once
// Provisioning and authentication over HTTPS on the device port [R64], [R65].
// A part of ControlPort, which has the rules for threads and errors.

#include "server/core/http_login.h"

#include <optional>
#include <string>

namespace device {

class HttpDevicePort {
  public:
    virtual ~HttpDevicePort() = default;

    virtual Activated activate(const Activation& request) = 0;
    virtual std::optional<std::string> authenticate(const HttpCredential& credential) = 0;  // returns the identity
    virtual void http_refused(const HttpRefusal& refusal) = 0;                              // records a finding
};

}  // namespace device
