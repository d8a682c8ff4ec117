#pragma once
// What a handler gets and gives. Plain values; loop thread only.

#include "server/core/control_error.h"
#include "server/http/service.h"
#include "server/runtime/places.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace api {

struct Request {
    std::shared_ptr<const net::HttpHead> head;
    net::HttpPeer peer;
    std::map<std::string, std::string, std::less<>> params;  // of the route's pattern, decoded
    std::string body;                                        // empty where it was streamed

    const std::string& param(std::string_view name) const;
    std::string query(std::string_view name) const;  // empty: not there
};

// A ControlError is shown in the shape of the route's family.
using Outcome = std::variant<net::HttpResponse, net::LongPoll, net::EventStream, device::ControlError>;

// Takes a body piece by piece.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual std::optional<device::ControlError> write(std::string_view bytes) = 0;
    virtual Outcome finish() = 0;

    void hold(runtime::Place place) { place_ = std::move(place); }

  private:
    runtime::Place place_;  // among the uploads that may go on at a time
};
using SinkOutcome = std::variant<std::unique_ptr<BodySink>, device::ControlError>;

device::ControlError bad_request(std::string message, std::string path = {});
device::ControlError not_found(std::string message);

// An integer query parameter: `fallback` where it is absent, an error where it is none or out of range.
std::variant<std::int64_t, device::ControlError> query_integer(const Request& request, std::string_view name,
                                                               std::int64_t fallback, std::int64_t least,
                                                               std::int64_t most);

}  // namespace api
