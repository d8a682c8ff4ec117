#include "server/app.h"

#include "server/api/control_api.h"
#include "server/api/device_http.h"
#include "server/app_parts.h"
#include "server/build_info.h"
#include "server/net/tls_sni.h"
#include "server/open_files.h"
#include "server/ready_file.h"

#include <algorithm>
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
net::AdmissionLimits admission_limits(const config::Limits& limits, runtime::Log& log) {
    constexpr std::uint64_t own_files = 128;  // database, content, log, ports
    net::AdmissionLimits admission{.connections = limits.max_connections,
                                   .per_address = limits.max_connections_per_address,
                                   .control = limits.max_api_connections};
    const auto files = raise_open_file_limit();
    const auto wanted = admission.connections + admission.control + own_files;
    if (wanted <= files) return admission;
    const auto left = files > own_files + 2 ? files - own_files : 2;
    admission.control = std::min<std::uint64_t>(admission.control, left / 4 + 1);
    admission.connections = left - admission.control;
    log.warn(
        "the limit of open files allows fewer connections than the settings; raise it with ulimit -n or LimitNOFILE",
        {{"open_files", static_cast<std::int64_t>(files)},
         {"device_connections", static_cast<std::int64_t>(admission.connections)},
         {"api_connections", static_cast<std::int64_t>(admission.control)}});
    return admission;
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
          control_api(api::make_control_api(services)),
          device_http(api::make_device_http(services)),
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
                  .admission = admission_limits(settings.limits, log),
                  .max_buffered_bytes = settings.limits.max_buffered_bytes,
                  .handshake_threads = settings.threads - 1,
                  .connect_timeout = std::chrono::milliseconds(settings.limits.connect_timeout_ms),
                  .packets = packet_limits(settings.limits)}),
          signals(io, SIGTERM, SIGINT, SIGHUP),
          second(io),
          stop_timer(io) {
        facts.ca = data.certificates() / "ca.crt";
        facts.domain = settings.domain;
    }

    void open_ports();
    void serve();
    void await_signal();
    void reload_settings();
    void tick();
    void give_memory_back();
    void stop();
    void wait_for_the_last(std::chrono::steady_clock::time_point until);

    Reload reload;
    std::unique_ptr<net::HttpService> control_api, device_http;
    net::Server server;
    boost::asio::signal_set signals;
    boost::asio::steady_timer second, stop_timer;
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
    services.options.device_port = server.first_port(net::PortKind::mqtts);
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
    commits.when_committed([this, connectors = *again](bool) {
        try {
            devices.reload(connectors.connector_defaults, connectors.connectors);
            log.info("SIGHUP: settings of connectors are in force; listening addresses and limits need a restart");
        } catch (const std::exception& failure) {
            log.error("SIGHUP: not everything of the settings could be applied", {{"error", failure.what()}});
        }
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
