#pragma once
// A handler's input and output. Plain values; loop thread only.

#include "server/api/base/error.h"
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
    std::string body;                                        // empty if it was streamed

    const std::string& param(std::string_view name) const;
    std::string query(std::string_view name) const;  // empty: absent
};

// An Error is shown in the shape of the route's family.
using Outcome = std::variant<net::HttpResponse, net::LongPoll, net::EventStream, Error>;

// Receives a body in pieces.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual std::optional<Error> write(std::string_view bytes) = 0;
    virtual Outcome finish() = 0;

    void hold(runtime::Place place) { place_ = std::move(place); }

  private:
    runtime::Place place_;  // a permit for one upload
};
using SinkOutcome = std::variant<std::unique_ptr<BodySink>, Error>;

Error bad_request(std::string message, std::string path = {});
Error not_found(std::string message);

// An integer query parameter: `fallback` where it is absent, an error where it is none or out of range.
std::variant<std::int64_t, Error> query_integer(const Request& request, std::string_view name, std::int64_t fallback,
                                                std::int64_t least, std::int64_t most);

}  // namespace api
