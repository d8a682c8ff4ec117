#pragma once
// Answers HTTP requests, as a connection sees it. Loop thread only; independent of sockets.

#include "server/http/head.h"
#include "server/http/response.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace net {

// Facts about the request's connection.
struct HttpPeer {
    std::string connection_id;
    std::string ip;
    bool tls = false;
    bool loopback_listener = false;  // the listener is bound to a loopback address
    std::string connector;           // device port: chosen by SNI
    std::string certificate_pem;     // device port: the client certificate and its chain, or empty
    std::shared_ptr<std::uint32_t> refusals = std::make_shared<std::uint32_t>(0);  // of its requests so far
};

enum class NotYet : std::uint8_t {
    waits,    // until the next wake-up
    goes_on,  // there is more to do: call again in a slice of its own (runtime/slices.h)
};
using Polled = std::variant<HttpResponse, NotYet>;

// An answer that takes time: it waits for an event, or is long work in slices of a few milliseconds. `poll(false)` is
// called soon and then as NotYet says; `poll(true)` is called when `wait_ms` (real time) is over, and never returns
// `waits`. With wait_ms 0 only `poll(true)` is called.
struct LongPoll {
    std::function<Polled(bool last)> poll;
    std::int64_t wait_ms = 0;
    std::function<std::size_t()> held_bytes = {};  // of what is gathered for the answer; counts for the memory budget
};

struct StreamPiece {
    std::string bytes;
    bool goes_on = false;  // call again, as NotYet::goes_on
    bool ends = false;     // the answer is complete
};

// An answer that continues until it ends or the client leaves. `more` is called at once and whenever its output has
// left, until it returns nothing and does not go on; then after each wake-up.
struct EventStream {
    HttpResponse head;  // head.stream is true
    std::function<StreamPiece()> more;
    std::size_t held_bytes = 0;     // of unsent data; counts for the memory budget
    std::string silence = ":\n\n";  // sent now and then when idle: a comment of server-sent events
};

using HttpAnswer = std::variant<HttpResponse, LongPoll, EventStream>;

// One request from its head to its answer.
class HttpExchange {
  public:
    virtual ~HttpExchange() = default;

    // Set: send this answer without reading the body, and close if a body is coming.
    virtual const std::optional<HttpResponse>& refusal() const = 0;
    virtual std::uint64_t body_limit() const = 0;
    // True: the body goes to write() in pieces, and finish() gets an empty one.
    virtual bool streams_body() const = 0;
    // A returned response ends the exchange: the rest of the body is not read.
    virtual std::optional<HttpResponse> write(std::string_view bytes) = 0;
    // The body is complete. The answer may leave only when everything submitted so far is committed.
    virtual HttpAnswer finish(std::string body) = 0;
    // The answer to a request that the reader refused (413, 400), in the family's format.
    virtual HttpResponse reader_error(unsigned status, const std::string& message) = 0;
};

class HttpService {
  public:
    virtual ~HttpService() = default;
    virtual std::unique_ptr<HttpExchange> begin(std::shared_ptr<const HttpHead> head, const HttpPeer& peer) = 0;
    // For a request whose answer was discarded.
    virtual HttpResponse failure(const HttpHead& head, unsigned status, const std::string& message) = 0;
    // For a request without a usable head.
    virtual HttpResponse reader_error(const HttpPeer& peer, unsigned status, const std::string& message) = 0;
    // Calls `wake` after commits that may let a LongPoll or an EventStream continue.
    virtual std::uint64_t watch(std::function<void()> wake) = 0;
    virtual void unwatch(std::uint64_t watch) = 0;
};

}  // namespace net
