#pragma once
// Fakes behind connections: devices that acknowledge committed messages, and an HTTP service with one target for each
// kind of answer. Both count what must be balanced in the end.

#include "server/core/commit_queue.h"
#include "server/device/device_port.h"
#include "server/http/service.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace net_test {

class Devices final : public device::DevicePort {
  public:
    explicit Devices(device::CommitQueue& commits) : commits_(commits) {}

    bool connect(device::Link& link, const protocol::Connect& connect) override;
    // The payload becomes a row of meta, and the PUBACK waits for its commit. [R25a]
    void publish(device::Link& link, const protocol::Publish& publish) override;
    void subscribe(device::Link& link, const protocol::Subscribe& subscribe) override;
    void unsubscribe(device::Link&, const protocol::Unsubscribe&) override {}
    void unexpected_puback(device::Link&, std::uint16_t) override {}
    void violation(device::Link&, const protocol::Violation&) override { ++violations; }
    void doubtful_text(device::Link&, const device::About&) override {}
    void packet(device::Link&, bool, std::string_view) override {}
    bool wants_packets(const device::Link&) const override { return false; }
    device::Gate gate() const override { return commits_.gate(); }
    void closed(device::Link& link, device::CloseReason reason) override;
    void handshake_failed(const HandshakeFailure&) override {}

    void send_to_all(std::string_view payload);  // a value from the cloud

    std::set<device::Link*> connected;
    std::vector<device::CloseReason> endings;  // of connected ones
    int violations = 0;

  private:
    device::CommitQueue& commits_;
};

// GET /hello, /file, /wait (until wake()), /events (three pieces), POST /echo and /upload (body in pieces).
class Service final : public net::HttpService {
  public:
    explicit Service(std::filesystem::path file) : file_(std::move(file)) {}

    std::unique_ptr<net::HttpExchange> begin(std::shared_ptr<const net::HttpHead> head,
                                             const net::HttpPeer& peer) override;
    net::HttpResponse failure(const net::HttpHead& head, unsigned status, const std::string& message) override;
    net::HttpResponse reader_error(const net::HttpPeer& peer, unsigned status, const std::string& message) override;
    static net::HttpResponse error(unsigned status, const std::string& message);
    std::uint64_t watch(std::function<void()> wake) override;
    void unwatch(std::uint64_t watch) override;

    void wake();
    void change_at_finish(std::function<void()> change) { change_ = std::move(change); }

    std::map<std::uint64_t, std::function<void()>> watches;
    int exchanges = 0;  // alive
    std::weak_ptr<const void> place;

  private:
    class Exchange;
    std::filesystem::path file_;
    std::function<void()> change_ = [] {};
    std::uint64_t next_ = 1;
    int wakes_ = 0;
};

}  // namespace net_test
