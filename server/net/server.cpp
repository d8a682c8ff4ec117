#include "server/net/server.h"

#include "server/net/early_end.h"
#include "server/net/http_handler.h"
#include "server/net/mqtt_handler.h"
#include "server/net/peer_certificate.h"
#include "server/net/tls/failure.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace net {
namespace {

constexpr std::size_t slow_reader_bytes = 64 * 1024;  // less than this is an answer on its way
constexpr std::size_t scratch_bytes = 64 * 1024;
// How late a deadline may be noticed; with no connection there is none.
constexpr std::chrono::milliseconds tick_time{50};
constexpr std::chrono::milliseconds idle_tick_time{1'000};
constexpr std::chrono::seconds failure_log_time{1};

bool is_loopback(const std::string& host) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    return !error && address.is_loopback();
}

bool is_control(PortKind kind) {
    return kind == PortKind::api || kind == PortKind::api_tls;
}

}  // namespace

Server::Server(const ServerParts& parts, const ServerOptions& options)
    : parts_(parts),
      options_(options),
      scratch_(scratch_bytes),
      admission_(options_.admission),
      buffers_(options_.max_buffered_bytes),
      poller_(parts.io,
              [this](Poller::Key number, Poller::Events events) {
                  const auto found = connections_.find(number);
                  if (found != connections_.end()) found->second->on_ready(events);
              }),
      exact_timers_(parts.io,
                    [this](runtime::DueQueue::Key number) {
                        if (const auto found = connections_.find(number); found != connections_.end()) {
                            const auto connection = found->second;
                            connection->wake();
                        }
                    }),
      slices_([this] { boost::asio::post(parts_.io, [this] { slices_.run(); }); },
              [] { return std::chrono::steady_clock::now(); }),
      tick_(parts.io),
      handshakes_(options.handshake_threads == 0
                      ? nullptr
                      : std::make_unique<HandshakePool>(parts.io, options.handshake_threads)),
      sessions_{.devices = parts_.devices,
                .metrics = parts_.metrics,
                .taps = options_.taps,
                .observer = options_.observer,
                .packets = options_.packets,
                .connect_timeout = options_.connect_timeout},
      services_{
          .io = parts_.io,
          .poller = poller_,
          .turn = parts_.turn,
          .clock = parts_.clock,
          .log = parts_.log,
          .metrics = parts_.metrics,
          .timers = timers_,
          .exact_timers = exact_timers_,
          .slices = slices_,
          .scratch = scratch_,
          .make_mqtt = [this](Connection& connection) { return std::make_unique<MqttHandler>(connection, sessions_); },
          .make_device_http = [this](Connection& connection) { return make_http(connection, parts_.device_http); },
          .make_api = [this](Connection& connection) { return make_http(connection, parts_.api); },
          .handshakes = handshakes_.get(),
          .closed = [this](Connection& connection) { closed(connection); },
          .handshake_failed = [this](Connection& connection,
                                     const HandshakeFailure& failure) { handshake_failed(connection, failure); },
          .ended_without_connect = [this](Connection& connection,
                                          device::CloseReason reason) { ended_without_connect(connection, reason); },
          .failed = [this](const Connection& connection, const std::exception& error) { failed(connection, error); },
          .read_tls_facts = [this](device::PeerFacts& facts, SSL& ssl) { read_tls_facts(facts, ssl); },
          .logged_in = [this](Connection& connection) { admission_.authenticated(connection.number()); },
          .buffers = buffers_,
          .over_budget =
              [this] {
                  if (!std::exchange(relieving_, true)) boost::asio::post(parts_.io, [this] { relieve(); });
              },
          .connect_timeout = options.connect_timeout,
          .faults = options.faults,
          .observer = options.observer} {
    if (handshakes_) {
        parts_.device_tls.hand_over_handshakes();
        if (parts_.api_tls != nullptr) parts_.api_tls->hand_over_handshakes();
    }
    parts_.turn.on_failure([this] { drop_all(); });
}

// The pool's connections use what the others use, so they go first.
Server::~Server() {
    handshakes_.reset();
}

std::string Server::listen(PortKind kind, const std::string& host, std::uint16_t port, const std::string& connector) {
    auto& added = *ports_.emplace_back(std::make_unique<Port>());
    added.kind = kind;
    added.connector = connector.empty() ? options_.default_connector : connector;
    // Names behind it are checked on the control ports only: a device names its connector's host.
    added.loopback = kind != PortKind::mqtts && is_loopback(host);
    added.listener = std::make_unique<Listener>(parts_.io, parts_.log,
                                                [this, &added](Accepted&& peer) { accepted(added, std::move(peer)); });
    added.listener->open(host, port);
    return added.listener->address();
}

void Server::start() {
    for (const auto& port : ports_) port->listener->start();
    schedule_tick();
}

void Server::stop_accepting() {
    for (const auto& port : ports_) port->listener->stop();
}

std::uint16_t Server::first_port(PortKind kind) const {
    for (const auto& port : ports_) {
        if (port->kind == kind) return port->listener->port();
    }
    return 0;
}

void Server::accepted(const Port& port, Accepted&& peer) {
    if (refused_by_fault(port.kind, peer)) return;
    const auto number = next_number_++;
    if (!admit(port.kind, number, peer.ip)) return;
    device::PeerFacts facts;
    facts.connection_id = parts_.random.connection_id();
    facts.ip = std::move(peer.ip);
    facts.tls = port.kind == PortKind::mqtts || port.kind == PortKind::api_tls;
    facts.connector = port.connector;
    facts.loopback_listener = port.loopback;
    facts.local_ip = std::move(peer.local_ip);
    facts.local_port = peer.local_port;
    const auto mqtts = first_port(PortKind::mqtts);
    facts.authority = facts.local_ip + ":" + std::to_string(facts.tls || mqtts == 0 ? peer.local_port : mqtts);
    auto transport = port.kind == PortKind::mqtts     ? make_tls_transport(std::move(peer.socket), parts_.device_tls)
                     : port.kind == PortKind::api_tls ? make_tls_transport(std::move(peer.socket), *parts_.api_tls)
                                                      : make_plain_transport(std::move(peer.socket));
    parts_.metrics.connection_opened(port.kind);
    const auto connection =
        std::make_shared<Connection>(services_, std::move(transport), port.kind, number, std::move(facts));
    connections_.emplace(number, connection);
    const bool was_idle = timers_.size() == 0;
    connection->start();
    if (was_idle) schedule_tick();
    make_room();
}

bool Server::admit(PortKind kind, std::uint64_t number, const std::string& ip) {
    const bool control = is_control(kind);
    const auto verdict = control ? admission_.admit_control() : admission_.admit(number, ip);
    if (verdict == Admission::Verdict::admitted) {
        full_ = false;
        return true;
    }
    parts_.metrics.count_refused_connection();
    if (std::exchange(full_, true)) return false;  // once for each time that it fills up, not for each who comes
    const auto* limit = control                                       ? "limits.max_api_connections"
                        : verdict == Admission::Verdict::address_full ? "limits.max_connections_per_address"
                                                                      : "limits.max_connections";
    parts_.log.warn("too many connections: new ones are closed", {{"limit", limit}, {"address", ip}});
    return false;
}

// Those that have not logged in make room for those that may.
void Server::make_room() {
    while (const auto number = admission_.surplus()) {
        const auto connection = connections_.at(*number);
        parts_.metrics.count_evicted_connection();
        connection->abort(device::CloseReason::connection_limit);
    }
}

// Slow readers go first: what waits for them is the largest part. Then whoever holds most.
void Server::relieve() {
    relieving_ = false;
    while (buffers_.exceeded()) {
        std::shared_ptr<Connection> worst;
        const auto weight = [](const Connection& one) {
            const auto unread = one.waiting_bytes();
            return std::pair(unread >= slow_reader_bytes ? unread : 0, one.held_bytes());
        };
        for (const auto& [number, connection] : connections_) {
            if (!worst || weight(*connection) > weight(*worst)) worst = connection;
        }
        if (!worst || worst->held_bytes() == 0) return;
        parts_.log.warn("limits.max_buffered_bytes reached: the connection that holds most is closed",
                        {{"connection", worst->facts().connection_id},
                         {"connector", worst->facts().connector},
                         {"address", worst->facts().ip},
                         {"bytes", static_cast<std::int64_t>(worst->held_bytes())}});
        worst->abort(device::CloseReason::buffer_limit);
    }
}

void Server::closed(Connection& connection) {
    parts_.metrics.connection_closed(connection.kind());
    parts_.metrics.count_bytes(runtime::Direction::in, connection.traffic().bytes_in);
    parts_.metrics.count_bytes(runtime::Direction::out, connection.traffic().bytes_out);
    if (is_control(connection.kind())) {
        admission_.released_control();
    } else {
        admission_.released(connection.number(), connection.facts().ip);
    }
    if (services_.current == &connection) services_.current = nullptr;
    connections_.erase(connection.number());
}

void Server::handshake_failed(Connection& connection, const HandshakeFailure& failure) {
    parts_.metrics.count_handshake_failure(failure.reason);
    if (failure.reason == "closed_before_hello") {
        bare_connect(connection);
        return;
    }
    const auto connector = tls_connector(connection.transport().tls());
    tell(connection, connector, failure, journal::Severity::violation);
}

void Server::ended_without_connect(Connection& connection, device::CloseReason reason) {
    const bool timeout = reason == device::CloseReason::connect_timeout;
    const bool gone = reason == device::CloseReason::device_closed || reason == device::CloseReason::network_error;
    if (!timeout && !gone) return;  // ours
    const auto bytes = connection.traffic().bytes_in;
    const SSL* ssl = connection.transport().tls();
    if (gone && ssl == nullptr && bytes == 0) {
        bare_connect(connection);
        return;
    }
    tell(connection, connection.facts().connector, explain_missing_connect(ssl, reason, bytes),
         journal::Severity::warning);
}

// No rule is broken, and a check of the port may come every few seconds.
void Server::bare_connect(const Connection& connection) {
    const auto& facts = connection.facts();
    const auto count = bare_connects_.note(facts.ip, parts_.clock.now().steady);
    if (count == 0) {
        parts_.log.debug("a connection ended before a single byte came",
                         {{"connection", facts.connection_id}, {"address", facts.ip}});
        return;
    }
    tell(connection, {}, explain_bare_connects(facts.ip, count), journal::Severity::info);
}

void Server::tell(const Connection& connection, std::string_view connector, const HandshakeFailure& failure,
                  journal::Severity severity) {
    parts_.devices.handshake_failed({.code = failure.code,
                                     .connector = connector,
                                     .connection_id = connection.facts().connection_id,
                                     .ip = connection.facts().ip,
                                     .sentence = failure.sentence,
                                     .hint = failure.hint,
                                     .severity = severity});
}

// A damaged database may fail every connection: one line a second says so.
void Server::failed(const Connection& connection, const std::exception& error) {
    ++failures_;
    const auto now = parts_.clock.steady_now();
    if (failure_logged_ && now - *failure_logged_ < failure_log_time) return;
    failure_logged_ = now;
    parts_.log.error(
        "a connection was closed because the server could not continue with it; if the database is damaged, "
        "restart with --recover",
        {{"error", error.what()},
         {"connection", connection.facts().connection_id},
         {"connector", connection.facts().connector},
         {"failures", std::to_string(std::exchange(failures_, 0))}});
}

void Server::read_tls_facts(device::PeerFacts& facts, SSL& ssl) {
    facts.tls_version = tls_version(&ssl);
    facts.tls_cipher = tls_cipher(&ssl);
    facts.sni = tls_sni(&ssl);
    if (const auto connector = tls_connector(&ssl); !connector.empty()) facts.connector = connector;
    if (!facts.sni.empty()) facts.authority = facts.sni + ":" + std::to_string(facts.local_port);
    if (auto certificate = tls_client_certificate(&ssl)) facts.certificate = peer_certificate(*std::move(certificate));
}

std::unique_ptr<ProtocolHandler> Server::make_http(Connection& connection, HttpService& service) {
    const auto& facts = connection.facts();
    HttpPeer peer{
        .connection_id = facts.connection_id,
        .ip = facts.ip,
        .tls = facts.tls,
        .loopback_listener = facts.loopback_listener,
        .connector = facts.connector,
        .certificate_pem = facts.certificate ? facts.certificate->pem + facts.certificate->chain_pem : std::string()};
    return std::make_unique<HttpHandler>(connection, service, std::move(peer));
}

void Server::drop_all() {
    const auto all = connections_;
    for (const auto& [number, connection] : all) connection->commit_failed();
}

void Server::close_all(device::CloseReason reason) {
    const auto all = connections_;  // closing takes them out of the map
    for (const auto& [number, connection] : all) connection->close(reason);
}

void Server::schedule_tick() {
    tick_.expires_after(timers_.size() > 0 ? tick_time : idle_tick_time);
    tick_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        timers_.pop_due(parts_.clock.steady_now(), [this](runtime::DueQueue::Key number) {
            const auto found = connections_.find(number);
            return found == connections_.end() ? std::nullopt : found->second->on_timer(parts_.clock.steady_now());
        });
        schedule_tick();
    });
}

}  // namespace net
