#include "server/app.h"

#include "server/api/base/content_base.h"
#include "server/api/control_api.h"
#include "server/api/device_side/device_http.h"
#include "server/app_parts.h"
#include "server/build_info.h"
#include "server/fault_tap/fault_taps.h"
#include "server/net/tls/sni.h"
#include "server/page/page_service.h"
#include "server/ready_file.h"
#include "server/runtime/open_files.h"
#include "server/simulated_devices.h"

#include <algorithm>
#include <functional>
#include <iostream>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <malloc.h>

namespace app {
namespace {

constexpr std::chrono::milliseconds stop_time{300};
constexpr std::chrono::seconds tick_time{1};
constexpr std::size_t crowd = 1'000;  // connections; fewer leave nothing worth giving back

// Buffers of TLS come and go at the top of the heap. By default glibc gives back what is more than 128 KiB there, to
// ask for it again at once: a page fault or two for each connection of a storm. More than 1 MiB in one piece is still
// the system's to give and to get back.
void keep_freed_memory() {
    ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    ::mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
}

// Anonymous clients may never send more than the others.
protocol::PacketLimits packet_limits(const config::Limits& limits) {
    const auto most = static_cast<std::uint32_t>(limits.max_packet_bytes);
    return {most, std::min(most, static_cast<std::uint32_t>(limits.anonymous_max_packet_bytes))};
}

// No more connections than there can be open files, for those that a limit lets in must be served.
net::AdmissionLimits admission_limits(const config::Limits& limits, std::uint64_t files) {
    return net::within_open_files({.connections = limits.max_connections,
                                   .per_address = limits.max_connections_per_address,
                                   .control = limits.max_api_connections},
                                  files);
}

// Hardly any test has as many devices as `few`: below it, somebody may miss connections.
void warn_of_few_files(const net::AdmissionLimits& places, const config::Limits& wanted, std::uint64_t files,
                       runtime::Log& log) {
    constexpr std::uint64_t few = 1'000;
    if (places.connections >= std::min(few, wanted.max_connections)) return;
    log.warn(
        "the limit of open files allows fewer connections than the settings; raise it with ulimit -n or LimitNOFILE",
        {{"open_files", files}, {"device_connections", places.connections}, {"api_connections", places.control}});
}

std::unique_ptr<net::HttpService> with_page(std::unique_ptr<net::HttpService> api,
                                            const config::ServerSettings& settings) {
    return settings.no_page ? std::move(api) : page::in_front_of(std::move(api));
}

std::string url(const std::string& scheme, const std::string& address) {
    return scheme + "://" + address;
}

}  // namespace

struct App::Parts : AppParts {
    // What App uses of them.
    using AppParts::data, AppParts::devices, AppParts::io, AppParts::log, AppParts::settings;

    Parts(const config::ServerSettings& its_settings, runtime::Log& its_log, Reload its_reload)
        : AppParts(its_settings, its_log),
          reload(std::move(its_reload)),
          control_api(with_page(api::make_control_api(services), settings)),
          device_http(api::make_device_http(services)),
          open_files(runtime::raise_open_file_limit()),
          admission(admission_limits(settings.limits, open_files)),
          taps({.registry = faults,
                .claimed = [this](const device::Link& link,
                                  const protocol::Connect& connect) { return devices.claimed_identity(link, connect); },
                .now = [this] { return clock.now().steady; },
                .connected = [this](const device::Link& link) { connected(link); }}),
          server({.io = io,
                  .turn = turn,
                  .devices = devices,
                  .device_http = *device_http,
                  .api = *control_api,
                  .device_tls = *device_tls,
                  .api_tls = api_tls.get(),
                  .clock = clock,
                  .log = log,
                  .metrics = metrics,
                  .random = random},
                 {.default_connector = settings.default_connector,
                  .admission = admission,
                  .max_buffered_bytes = settings.limits.max_buffered_bytes,
                  .handshake_threads = settings.threads - 1,
                  .connect_timeout = std::chrono::milliseconds(settings.limits.connect_timeout_ms),
                  .packets = packet_limits(settings.limits),
                  .taps = &taps,
                  .faults = &faults,
                  .observer = &verdict_calls,
                  .faults_told = [this] { devices.control().wake(); }}),
          simulated({.io = io,
                     .control = devices.control(),
                     .domain = settings.domain,
                     .ca_pem = services.ca_pem,
                     .seed = settings.seed.value_or(std::hash<std::string>{}(random.alphanumeric(16)))}),
          signals(io, SIGTERM, SIGINT, SIGHUP),
          second(io),
          stop_timer(io),
          fault_timer(io),
          verdict_timer(io) {
        services.simulated = &simulated;
        faults.on_change([this] { faults_changed(); });
        fault_calls.ask_in_force([this] { return !faults_change && server.faults_told(); });
        verdict_calls.on_work([this] { boost::asio::post(io, [this] { verdict_calls.turn(); }); },
                              [this](verdict::Steady at) { judge_at(at); });
        facts.ca = data.certificates() / "ca.crt";
        facts.domain = settings.domain;
    }

    void open_ports();
    void serve();
    void connected(const device::Link& link);
    void await_signal();
    void tell_outside();
    void reload_settings();
    void use_again(const config::ServerSettings& again);
    void tick();
    void faults_changed();
    void tell_faults();
    void judge_at(verdict::Steady at);
    void give_memory_back();
    void stop();
    void wait_for_the_last(std::chrono::steady_clock::time_point until);

    Reload reload;
    std::unique_ptr<net::HttpService> control_api, device_http;
    std::uint64_t open_files;  // that this process may have
    net::AdmissionLimits admission;
    fault_tap::FaultTaps taps;
    net::Server server;
    SimulatedInServer simulated;
    boost::asio::signal_set signals;
    boost::asio::steady_timer second, stop_timer, fault_timer, verdict_timer;
    bool faults_change = false;  // to be told in a turn of its own
    ReadyFacts facts;
    std::size_t most_connections = 0;  // since memory was given back
    bool stopping = false;
};

App::App(const config::ServerSettings& settings, runtime::Log& log, Reload reload)
    : parts_(std::make_unique<Parts>(settings, log, std::move(reload))) {
    parts_->commit_start();
    parts_->open_ports();
}

App::~App() = default;

// The device ports last: who sees one open may use everything.
void App::Parts::open_ports() {
    devices.control().describe_process(build_version(), clock.now().real_us);
    const auto& listen = settings.listen;
    facts.api = url("http", server.listen(net::PortKind::api, listen.api.host, listen.api.port));
    for (const auto& at : listen.api_tls) {
        facts.api_tls.push_back(server.listen(net::PortKind::api_tls, at.host, at.port));
    }
    for (const auto& [at, connector] : listen.mqtt) {
        facts.mqtt.push_back(server.listen(net::PortKind::mqtt, at.host, at.port, connector));
    }
    for (const auto& at : listen.mqtts) facts.mqtts.push_back(server.listen(net::PortKind::mqtts, at.host, at.port));
    if (!facts.mqtts.empty()) simulated.use_port(facts.mqtts.front());
    tell_outside();
}

// The port that fqdn names.
void App::Parts::tell_outside() {
    services.options.device_port =
        api::outside_port(settings.outside_address).value_or(server.first_port(net::PortKind::mqtts));
}

void App::run() {
    keep_freed_memory();
    auto& parts = *parts_;
    parts.server.start();
    parts.await_signal();
    parts.tick();
    parts.devices.control().set_ready(true);
    const ReadyFile ready_file(parts.settings.ready_file, parts.facts);
    parts.log.info("ready", {{"api", parts.facts.api}, {"data_dir", parts.data.path().string()}});
    std::cout << "murano-emulator ready: " << ready_json(parts.facts) << std::flush;
    warn_of_few_files(parts.admission, parts.settings.limits, parts.open_files, parts.log);
    parts.serve();
}

// What ends here is a bug, or a store that cannot be read: one step of the loop is lost, and the server goes on.
void App::Parts::serve() {
    while (true) {
        try {
            io.run();
            return;
        } catch (const std::exception& error) {
            log.error("something could not be done; if the database is damaged, restart with --recover",
                      {{"error", error.what()}});
        }
    }
}

void App::Parts::connected(const device::Link& link) {
    const auto client = fault_tap::struck_client(link);
    server.connected(client.connection, {.identity = std::string(client.identity),
                                         .client_id = std::string(client.client_id),
                                         .anonymous = client.anonymous});
}

void App::Parts::await_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        if (signal == SIGHUP) {
            reload_settings();
        } else {
            stop();
        }
        await_signal();
    });
}

void App::Parts::reload_settings() {
    std::string error;
    const auto again = reload(error);
    if (!again) {
        log.error("SIGHUP: the settings are wrong, nothing was changed", {{"error", error}});
        return;
    }
    // Not while a snapshot is loaded.
    commits.when_committed([this, again = *again](bool) {
        try {
            use_again(again);
            log.info(
                "SIGHUP: settings of connectors and of content are in force; listening addresses and limits need a "
                "restart");
        } catch (const std::exception& failure) {
            log.error("SIGHUP: not everything of the settings could be applied", {{"error", failure.what()}});
        }
    });
}

void App::Parts::use_again(const config::ServerSettings& again) {
    settings.content = again.content;
    settings.outside_address = again.outside_address;
    urls.set_expiry(static_cast<std::int64_t>(settings.content.url_expires_s));
    tell_outside();
    services.options.connector_defaults = again.connector_defaults;
    devices.reload(again.connector_defaults, again.connectors);
    use_file_faults(again);
}

// In a turn of its own: whoever changed them may be in the middle of something. Before the answer to the call leaves.
void App::Parts::faults_changed() {
    if (std::exchange(faults_change, true)) return;
    boost::asio::post(io, [this] { tell_faults(); });
}

void App::Parts::tell_faults() {
    faults_change = false;
    faults.advance(clock.now().steady);
    server.faults_changed();
    const auto next = faults.next_change();
    if (!next) return;
    fault_timer.expires_at(*next);
    fault_timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) tell_faults();
    });
}

void App::Parts::judge_at(verdict::Steady at) {
    verdict_timer.expires_at(std::chrono::steady_clock::time_point(at));
    verdict_timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) verdict_calls.turn();
    });
}

void App::Parts::tick() {
    second.expires_after(tick_time);
    second.async_wait([this](const boost::system::error_code& error) {
        if (error || stopping) return;
        tick();
        devices.tick();
        give_memory_back();
        log.flush();
    });
}

// The allocator keeps what a crowd has held, for the next one. When most of it has gone, the system gets it back.
void App::Parts::give_memory_back() {
    const auto open = server.open_connections();
    most_connections = std::max(most_connections, open);
    if (most_connections < crowd || open > most_connections / 4) return;
    most_connections = open;
    ::malloc_trim(0);
}

void App::Parts::stop() {
    if (std::exchange(stopping, true)) {
        io.stop();  // asked twice
        return;
    }
    log.info("stopping");
    devices.control().set_ready(false);
    simulated.stop_all();
    verdict_calls.stop();
    faults.clear();
    server.faults_changed(net::Server::Telling::at_once);  // silence, delays and outages end
    server.stop_accepting();
    devices.shut_down();
    server.close_all(device::CloseReason::shutdown);
    second.cancel();
    wait_for_the_last(std::chrono::steady_clock::now() + stop_time);
}

void App::Parts::wait_for_the_last(std::chrono::steady_clock::time_point until) {
    const bool done = commits.idle() && server.open_connections() == 0;
    if (done || std::chrono::steady_clock::now() >= until) {
        io.stop();
        return;
    }
    stop_timer.expires_after(std::chrono::milliseconds(2));
    stop_timer.async_wait([this, until](const boost::system::error_code&) { wait_for_the_last(until); });
}

}  // namespace app
