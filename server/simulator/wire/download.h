#pragma once
// One download of content, on a connection of its own: HTTP GET, with Range where it goes on. The bytes are counted and
// thrown away. One thread: that of its io_context.

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
    // Called once, from a turn of the io_context of its own. `got`: bytes of the item that are there now.
    using Ended = std::function<void(DownloadEnd end, std::uint64_t got)>;

    // `place` is where the device's own connections go: the item is fetched from there where its link names the same
    // host, else from the IP address that it names.
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
    boost::asio::steady_timer timer_;  // nothing moves
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::optional<Url> url_;
    HttpAnswer answer_;
};

}  // namespace simulator
