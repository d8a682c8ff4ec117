#include "tests/unit/net/net_world.h"

#include "server/net/http_handler.h"
#include "server/net/mqtt_handler.h"
#include "tests/unit/net/tls_pair.h"

#include <array>
#include <csignal>
#include <fstream>
#include <utility>

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <sys/socket.h>

namespace net_test {
namespace {

constexpr net::Poller::Key number = 7;
constexpr int small_buffer = 4'096;  // so that an answer of some length has to wait for its client

std::filesystem::path make_file(const std::filesystem::path& folder) {
    auto path = folder / "content";
    std::ofstream(path, std::ios::binary) << std::string(file_bytes, 'f');
    return path;
}

net::TlsContext& server_tls() {
    static net::TlsContext made(tls_test::keys().certificates, tls_test::selector(), tls_test::real_now_us);
    return made;
}

}  // namespace

World::World(runtime::PortKind kind, Failure failure, Tls tls, std::size_t commit_that_fails)
    : clock_([this] { return real_; }),
      log_(runtime::LogLevel::error, runtime::LogFormat::json, [](std::string_view) { return true; }),
      exact_timers_(io_,
                    [this](net::ExactTimers::Key) {
                        if (connection_) connection_->wake();
                    }),
      slices_([this] { boost::asio::post(io_, [this] { slices_.run(); }); }, [this] { return real_.steady; }),
      turn_(io_),
      commits_(store_, journal_, [this] { turn_.schedule(); }),
      devices_(commits_),
      sessions_{.devices = devices_, .metrics = metrics_},
      service_(make_file(folder_.path())),
      poller_(io_,
              [this](net::Poller::Key, net::Poller::Events events) {
                  if (connection_) connection_->on_ready(events);
              }),
      scratch_(64 * 1024),
      services_(services()),
      commit_that_fails_(commit_that_fails) {
    std::signal(SIGPIPE, SIG_IGN);  // as OpenSSL's sockets want it
    turn_.attach(commits_);
    turn_.on_failure([this] {
        if (const auto connection = connection_) connection->commit_failed();
    });
    open(kind, failure, tls);
}

World::~World() {
    connection_.reset();
}

std::array<int, 2> World::make_pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    return ends;
}

net::ConnectionServices World::services() {
    const auto http = [this](net::Connection& connection) {
        return std::make_unique<net::HttpHandler>(connection, service_, net::HttpPeer{});
    };
    return {
        .io = io_,
        .poller = poller_,
        .turn = turn_,
        .clock = clock_,
        .log = log_,
        .metrics = metrics_,
        .timers = timers_,
        .exact_timers = exact_timers_,
        .slices = slices_,
        .scratch = scratch_,
        .make_mqtt =
            [this](net::Connection& connection) { return std::make_unique<net::MqttHandler>(connection, sessions_); },
        .make_device_http = http,
        .make_api = http,
        .handshakes = nullptr,
        .closed =
            [this](net::Connection& connection) {
                CHECK(&connection == connection_.get());
                ++closed_;
                connection_.reset();
            },
        .handshake_failed =
            [this](net::Connection&, const net::HandshakeFailure& failure) {
                handshake_failures_.push_back(failure.sentence);
            },
        .ended_without_connect = [this](net::Connection&, device::CloseReason) { ++ended_without_connect_; },
        .failed = [](const net::Connection&, const std::exception& error) { FAIL(error.what()); },
        .read_tls_facts = [](device::PeerFacts&, SSL&) {},
        .logged_in = [](net::Connection&) {},
        .buffers = buffers_,
        .over_budget = [] {}};
}

void World::open(runtime::PortKind kind, Failure failure, Tls tls) {
    // With TLS the length of a signature would decide how many writes its handshake takes.
    if (tls == Tls::off) {
        for (const int end : ends_) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &small_buffer, sizeof small_buffer);
    } else {
        client_context_.reset(SSL_CTX_new(TLS_client_method()));
        client_tls_.reset(SSL_new(client_context_.get()));
        SSL_set_fd(client_tls_.get(), client_.fd());
        SSL_set_connect_state(client_tls_.get());
        tls_test::send_server_name(client_tls_.get(), "alpha.m2.exosite.io");
    }
    auto transport = std::make_unique<PairTransport>(net::Socket(ends_[0]), tls == Tls::on ? &server_tls() : nullptr,
                                                     failure, calls_);
    device::PeerFacts facts;
    facts.connection_id = "connection";
    connection_ = std::make_shared<net::Connection>(services_, std::move(transport), kind, number, std::move(facts));
    watched_ = connection_;
    const auto started = connection_;
    started->start();
    run();
}

void World::client_sends(std::string_view bytes) {
    to_send_ += bytes;
    run();
}

void World::client_leaves() {
    client_tls_.reset();
    client_.close();
    run();
}

void World::pass(std::chrono::milliseconds time) {
    real_.steady += time;
    real_.us += std::chrono::microseconds(time).count();
    timers_.pop_due(real_.steady, [this](runtime::DueQueue::Key) {
        const auto connection = connection_;
        return connection ? connection->on_timer(real_.steady) : std::nullopt;
    });
    run();
}

void World::run() {
    int rounds = 0;
    for (bool busy = true; busy;) {
        REQUIRE(++rounds < 10'000);
        busy = client_writes();
        busy = io_.poll() > 0 || busy;
        busy = commit_one() || busy;
        busy = client_reads() || busy;
    }
}

bool World::commit_one() {
    if (store_.waiting() == 0) return false;
    auto [group, result] = store_.commit(1'000, ++groups_ != commit_that_fails_);
    commits_.completed(std::move(group), result);
    return true;
}

bool World::client_writes() {
    if (to_send_.empty() || client_.fd() < 0) return false;
    std::size_t sent = 0;
    if (client_tls_) {
        ERR_clear_error();
        if (SSL_write_ex(client_tls_.get(), to_send_.data(), to_send_.size(), &sent) != 1) return false;
    } else {
        const auto done = ::send(client_.fd(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
        if (done <= 0) return false;
        sent = static_cast<std::size_t>(done);
    }
    to_send_.erase(0, sent);
    return true;
}

bool World::client_reads() {
    if (client_.fd() < 0) return false;
    std::array<char, 4'096> piece;
    std::size_t bytes = 0;
    if (client_tls_) {
        ERR_clear_error();
        if (SSL_read_ex(client_tls_.get(), piece.data(), piece.size(), &bytes) != 1) return false;
    } else {
        const auto got = ::recv(client_.fd(), piece.data(), piece.size(), 0);
        if (got <= 0) return false;
        bytes = static_cast<std::size_t>(got);
    }
    got_.append(piece.data(), bytes);
    return true;
}

void World::check_over() {
    client_leaves();
    pass(std::chrono::seconds(2));  // of lingering
    CHECK(closed_ == 1);
    CHECK(watched_.expired());
    CHECK(timers_.size() == 0);
    CHECK(slices_.waiting() == 0);
    CHECK(buffers_.used() == 0);
    CHECK(metrics_.stalled_streams == 0);
    CHECK(devices_.connected.empty());
    CHECK(service_.watches.empty());
    CHECK(service_.exchanges == 0);
    CHECK(service_.place.expired());
}

}  // namespace net_test
