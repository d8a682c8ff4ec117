#pragma once
// One download of content on its own connection: HTTP GET, with Range to resume. The bytes are counted and dropped. One
// thread: that of its io_context.

#include "server/simulator/content_shelf.h"
#include "server/simulator/http_answer.h"
#include "server/simulator/wire/stream.h"

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/steady_timer.hpp>

namespace simulator {

class Download final : public StreamUser {
  public:
    // Called once, from a separate turn of the io_context. `got`: bytes of the item fetched so far.
    using Ended = std::function<void(DownloadEnd end, std::uint64_t got)>;

    // `place`: where the device itself connects; used if the link names the same host, otherwise the link must name an
    // IP address.
    Download(boost::asio::io_context& io, std::vector<char>& scratch, const Place& place, DownloadOrder order,
             Span patience, Ended ended);
    ~Download();
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;

  private:
    void start(const Place& place);
    void on_opened() override;
    void on_received(std::string_view bytes) override;
    void on_closed(std::string_view why) override;
    void watch();
    void judge();
    void end(DownloadEnd how);

    DownloadOrder order_;
    Span patience_;
    Ended ended_;  // empty: it has ended
    std::shared_ptr<Stream> stream_;
    boost::asio::steady_timer timer_;  // without progress
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::optional<Url> url_;
    HttpAnswer answer_;
};

}  // namespace simulator
