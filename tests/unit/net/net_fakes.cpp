#include "tests/unit/net/net_fakes.h"

#include <utility>

#include <doctest/doctest.h>

namespace net_test {

bool Devices::connect(device::Link& link, const protocol::Connect&) {
    CHECK(link.state == device::Link::State::fresh);
    link.state = device::Link::State::connected;
    connected.insert(&link);
    link.peer.send(device::outgoing::Connack{}, gate());
    return true;
}

void Devices::publish(device::Link& link, const protocol::Publish& publish) {
    CHECK(link.state == device::Link::State::connected);
    commits_.change(storage::PutMeta{std::string(publish.payload), "1"});
    link.peer.send(device::outgoing::Puback{publish.packet_id, publish.topic}, gate());
}

void Devices::subscribe(device::Link& link, const protocol::Subscribe& subscribe) {
    const std::vector<std::uint8_t> codes(1, 0);
    link.peer.send(device::outgoing::Suback{subscribe.packet_id, codes, subscribe.filters}, gate());
}

void Devices::closed(device::Link& link, device::CloseReason reason) {
    const bool was_connected = connected.erase(&link) == 1;
    CHECK(was_connected == (link.state == device::Link::State::connected));
    if (was_connected) endings.push_back(reason);
    link.state = device::Link::State::ended;
}

void Devices::send_to_all(std::string_view payload) {
    const auto links = connected;
    for (auto* link : links) link->peer.send(device::outgoing::Publish{"$resource/data_out/1", payload}, gate());
}

class Service::Exchange final : public net::HttpExchange {
  public:
    Exchange(Service& service, std::string target) : service_(service), target_(std::move(target)) {
        ++service_.exchanges;
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() override { --service_.exchanges; }

    const std::optional<net::HttpResponse>& refusal() const override { return refusal_; }
    std::uint64_t body_limit() const override { return 1'000'000; }
    bool streams_body() const override { return target_ == "/upload"; }
    std::optional<net::HttpResponse> write(std::string_view bytes) override {
        received_ += bytes.size();
        return std::nullopt;
    }
    net::HttpAnswer finish(std::string body) override {
        service_.change_();
        if (target_ == "/wait") return wait();
        if (target_ == "/events") return events();
        net::HttpResponse response;
        if (target_ == "/hello") response.body = "hello";
        if (target_ == "/echo") response.body = std::move(body);
        if (target_ == "/upload") response.body = std::to_string(received_);
        if (target_ == "/file") {
            response.file = net::FileRange{service_.file_, 0, std::filesystem::file_size(service_.file_)};
            auto taken = std::make_shared<int>(1);
            service_.place = taken;
            response.place = std::move(taken);
        }
        return response;
    }
    net::HttpResponse reader_error(unsigned status, const std::string& message) override {
        return error(status, message);
    }

  private:
    net::HttpAnswer wait() {
        return net::LongPoll{[&service = service_, before = service_.wakes_](bool last) -> net::Polled {
                                 if (!last && service.wakes_ == before) return net::NotYet::waits;
                                 net::HttpResponse response;
                                 response.body = "woken";
                                 return response;
                             },
                             10'000};
    }
    static net::HttpAnswer events() {
        net::EventStream stream;
        stream.head.stream = true;
        stream.more = [given = 0]() mutable {
            ++given;
            return net::StreamPiece{"data: " + std::to_string(given) + "\n\n", given < 3, given == 3};
        };
        return stream;
    }

    Service& service_;
    std::string target_;
    std::optional<net::HttpResponse> refusal_;
    std::size_t received_ = 0;
};

std::unique_ptr<net::HttpExchange> Service::begin(std::shared_ptr<const net::HttpHead> head, const net::HttpPeer&) {
    return std::make_unique<Exchange>(*this, head->target);
}

net::HttpResponse Service::failure(const net::HttpHead&, unsigned status, const std::string& message) {
    return error(status, message);
}

net::HttpResponse Service::reader_error(const net::HttpPeer&, unsigned status, const std::string& message) {
    return error(status, message);
}

net::HttpResponse Service::error(unsigned status, const std::string& message) {
    net::HttpResponse response;
    response.status = status;
    response.body = message;
    return response;
}

std::uint64_t Service::watch(std::function<void()> wake) {
    watches.emplace(next_, std::move(wake));
    return next_++;
}

void Service::unwatch(std::uint64_t watch) {
    CHECK(watches.erase(watch) == 1);
}

void Service::wake() {
    ++wakes_;
    const auto woken = watches;
    for (const auto& [number, call] : woken) call();
}

}  // namespace net_test
