#include "server/simulator/wire/download.h"

#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace simulator {

Download::Download(boost::asio::io_context& io, std::vector<char>& scratch, const Place& place, DownloadOrder order,
                   Span patience, Ended ended)
    : order_(std::move(order)),
      patience_(patience),
      ended_(std::move(ended)),
      stream_(std::make_shared<Stream>(io, scratch, *this)),
      timer_(io),
      url_(parse_url(order_.url)) {
    start(place);
}

Download::~Download() {
    *alive_ = false;
    stream_->close();
}

void Download::start(const Place& place) {
    if (!url_) return end(DownloadEnd::refused);
    Place there = place;
    there.endpoint.port(url_->port);
    if (url_->host != place.host) {
        boost::system::error_code error;
        const auto address = boost::asio::ip::make_address(url_->host, error);
        if (error) return end(DownloadEnd::refused);
        there.endpoint.address(address);
        there.host = url_->host;
    }
    if (!url_->tls) there.tls = nullptr;
    if (url_->tls && !there.tls) return end(DownloadEnd::refused);  // it trusts nobody
    stream_->open(there, true);
    watch();
}

// A server that falls silent in the middle is left after a while.
void Download::watch() {
    timer_.expires_after(patience_);
    timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
        if (!error && *alive) end(DownloadEnd::cut);
    });
}

void Download::on_opened() {
    stream_->send(download_request(*url_, order_.offset));
    watch();
}

void Download::on_received(std::string_view bytes) {
    answer_.take(bytes);
    watch();
    if (answer_.broken()) return end(DownloadEnd::refused);
    if (answer_.whole()) judge();
}

void Download::on_closed(std::string_view) {
    end(answer_.status() >= 400 ? DownloadEnd::refused : DownloadEnd::cut);
}

void Download::judge() {
    const bool good = answer_.status() == 200 || answer_.status() == 206;
    end(good ? DownloadEnd::whole : DownloadEnd::refused);
}

// 200 where a part was asked for: all of it came, from its begin.
void Download::end(DownloadEnd how) {
    auto ended = std::exchange(ended_, nullptr);
    if (!ended) return;
    timer_.cancel();
    stream_->close();
    const std::uint64_t before = answer_.status() == 200 ? 0 : order_.offset;
    const bool is_part = answer_.status() == 200 || answer_.status() == 206;
    const std::uint64_t got = is_part ? before + answer_.body() : order_.offset;
    // An item of another length than the list said is no item: it is fetched again.
    if (how == DownloadEnd::whole && got != order_.length) how = DownloadEnd::refused;
    const auto kept = how == DownloadEnd::refused ? 0 : got;
    boost::asio::post(timer_.get_executor(), [ended = std::move(ended), how, kept, alive = alive_] {
        if (*alive) ended(how, kept);
    });
}

}  // namespace simulator
