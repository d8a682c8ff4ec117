#pragma once
// One HTTP/1.1 connection, one call at a time. Bodies are counted, not kept.

#include "tests/bench/load/loop.h"
#include "tests/bench/load/stream.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace load {

class HttpClient : public Pollable {
  public:
    // `answered` is called with each answer's body size; it may send the next request. A status of 300 or more throws.
    using Answered = std::function<void(HttpClient&, std::uint64_t body_bytes)>;

    HttpClient(Loop& loop, const Endpoint& endpoint, std::size_t index, Answered answered);
    void open();
    void send(std::string request);  // a whole request; precondition: not busy()
    bool busy() const noexcept { return busy_; }
    const Stream& stream() const noexcept { return stream_; }
    void on_events() override;

  private:
    void flush();
    void take(std::string_view input);
    std::string_view take_head(std::string_view input);

    Loop& loop_;
    const Endpoint& endpoint_;
    std::size_t index_;
    Answered answered_;
    Stream stream_;
    std::string out_;
    std::string head_;  // of the answer, until complete
    std::uint64_t body_ = 0;
    std::uint64_t missing_ = 0;  // bytes of the body still to come
    bool connected_ = false;
    bool watches_writing_ = true;
    bool busy_ = false;
};

}  // namespace load
