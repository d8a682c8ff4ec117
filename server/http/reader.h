#pragma once
// HTTP/1.x requests from chunks of any size. A value machine: no socket, no clock, one thread at a time.
//
//   reader.feed(bytes);
//   while (auto event = reader.next()) ...
//
// Events of one request: HeadersReady, then BodyChunk... and Complete, or one HttpError, after which the reader is
// finished and the caller should close the connection once the answer is sent. Pipelined requests follow in order; the
// next head is parsed only when next() is called after Complete, so that the caller can answer one at a time (and
// should stop reading from the socket meanwhile, because fed bytes are kept).

#include "server/http/head.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace net {

struct HttpLimits {
    std::size_t header_bytes = 16 * 1024;  // request line and fields: 431
    std::size_t header_count = 100;        // 431
    std::size_t target_bytes = 8 * 1024;   // 414
};

struct HeadersReady {
    std::shared_ptr<const HttpHead> head;
};
struct BodyChunk {
    std::string_view bytes;  // valid until the next call of feed() or next()
};
struct Complete {
    std::string body;  // empty if the body was streamed
};
struct HttpError {
    unsigned status = 400;
    std::string message;  // for people; never contains what was sent
};

using HttpEvent = std::variant<HeadersReady, BodyChunk, Complete, HttpError>;

class HttpReader {
  public:
    static constexpr std::uint64_t default_body_limit = 1024 * 1024;

    explicit HttpReader(HttpLimits limits = {});
    ~HttpReader();
    HttpReader(HttpReader&&) noexcept;
    HttpReader& operator=(HttpReader&&) noexcept;

    void feed(std::string_view bytes);
    // nullopt: more bytes are needed (or the reader is finished).
    std::optional<HttpEvent> next();

    // Between HeadersReady and the following next(): what to do with the body. Default: collected, up to the default
    // limit. Beyond the limit: HttpError 413, at once if Content-Length exceeds it.
    void collect_body(std::uint64_t limit);
    void stream_body(std::uint64_t limit);

    // After an error, or after the Complete of a request without keep-alive.
    bool finished() const;
    // A request has begun and is incomplete: closing now is not clean.
    bool in_request() const;
    std::size_t buffered_bytes() const;  // fed and not consumed
    std::size_t held_bytes() const;      // those, and the body being collected

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace net
