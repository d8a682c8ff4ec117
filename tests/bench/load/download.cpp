#include "tests/bench/load/download.h"

#include <stdexcept>

namespace load {

DownloadRun::DownloadRun(const Options& options) : options_(options), endpoint_(endpoint_of(options)) {
    for (std::size_t index = 0; index < options.connections; ++index)
        clients_.push_back(
            std::make_unique<HttpClient>(loop_, endpoint_, index, [this](HttpClient& client, auto bytes) {
                ++downloads_;
                bytes_ += bytes;
                client.send(request());
            }));
}

std::string DownloadRun::request() const {
    return "GET " + options_.path + " HTTP/1.1\r\nHost: " + options_.sni + "\r\n\r\n";
}

void DownloadRun::run() {
    CostMeter cost(options_.server_pid);
    cost.begin();
    const std::uint64_t began = now_ns();
    const std::uint64_t end = began + static_cast<std::uint64_t>(options_.seconds * 1e9);
    for (const auto& client : clients_) {
        client->open();
        client->send(request());
    }
    const auto patience = std::chrono::seconds(options_.patience_s + static_cast<std::size_t>(options_.seconds));
    loop_.run([&] { return now_ns() >= end && downloads_ > 0; }, {}, patience);
    const double elapsed = static_cast<double>(now_ns() - began) / 1e9;
    cost.end();
    Report result;
    result.add("rate", static_cast<double>(bytes_) / elapsed).add("messages", static_cast<double>(downloads_));
    result.add("elapsed_s", elapsed).add("connection", clients_.front()->stream().description());
    cost.add_to(result);
    result.print();
}

}  // namespace load
