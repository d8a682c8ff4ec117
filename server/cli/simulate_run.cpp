#include "server/cli/simulate_run.h"

#include "server/cli/errors.h"
#include "server/cli/progress_bar.h"
#include "server/cli/text_table.h"
#include "server/runtime/open_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
using config::JsonNode;

constexpr std::size_t at_once = 64;  // handshakes
constexpr std::uint64_t other_files = 32;
constexpr std::chrono::milliseconds redrawn_every{200};
constexpr std::chrono::seconds told_every{10};  // where there is no terminal
constexpr std::chrono::milliseconds farewell{200};

std::string plural(std::uint64_t count, const std::string& one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string seconds_text(Clock::duration time) {
    std::array<char, 32> text{};
    const auto size = std::snprintf(text.data(), text.size(), "%.1f s", std::chrono::duration<double>(time).count());
    return {text.data(), static_cast<std::size_t>(size)};
}

simulator::DeviceOptions device_options(const SimulateRequest& request, const SimulateScene& scene,
                                        std::size_t number) {
    simulator::DeviceOptions options;
    options.identity = request.identity_of(number);
    options.token = request.token;
    options.provisions = request.token.empty() && !request.password;
    if (request.password) options.token = *request.password;
    if (const auto known = scene.known.find(options.identity); known != scene.known.end())
        options.token = known->second;
    if (request.username) {
        options.username = *request.username;
        const auto at = options.username.find("{id}");
        if (at != std::string::npos) options.username.replace(at, 4, options.identity);
    }
    options.chooses_password = scene.chooses_password;
    options.subscribes = request.subscribes;
    options.misbehaviour = request.misbehaviour_of(number);
    options.seed = request.seed * 1'000'003 + number;
    return options;
}

class Simulation {
  public:
    Simulation(const SimulateScene& scene, const SimulateRequest& request, std::ostream& err)
        : request_(request), err_(err), signals_(io_, SIGINT, SIGTERM), redraw_(io_), end_(io_), fleet_(io_, at_once) {
        for (std::size_t i = 0; i < request.count; ++i)
            fleet_.add(scene.place, request.profile, device_options(request, scene, i));
    }

    void run() {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) stop(true);
        });
        if (request_.time) {
            end_.expires_after(*request_.time);
            end_.async_wait([this](const boost::system::error_code& error) {
                if (!error) stop(false);
            });
        }
        show();
        io_.run();
    }

    const simulator::Fleet& fleet() const { return fleet_; }
    Clock::duration lasted() const { return ended_ - begun_; }
    std::size_t most_working() const { return most_working_; }
    bool interrupted() const { return interrupted_; }
    const std::string& last_line() const { return last_line_; }
    std::optional<Clock::duration> all_after() const { return all_after_; }

  private:
    // Every device says DISCONNECT; then what was sent has a moment to leave.
    void stop(bool interrupted) {
        note(Clock::now());
        interrupted_ = interrupted;
        ended_ = Clock::now();
        last_line_ = fleet_line(fleet_, request_);
        redraw_.cancel();
        signals_.cancel();
        if (terminal_ && drawn_) err_ << "\r\x1b[K" << std::flush;
        fleet_.remove_all();
        end_.expires_after(farewell);
        end_.async_wait([this](const boost::system::error_code&) { io_.stop(); });
    }

    void note(Clock::time_point now) {
        const auto working = fleet_.working();
        most_working_ = std::max(most_working_, working);
        if (working < request_.count || all_after_) return;
        all_after_ = now - begun_;
        line((working == 1 ? "Logged in after " : "All " + std::to_string(working) + " logged in after ") +
             seconds_text(*all_after_) + ".");
    }

    void show() {
        const auto now = Clock::now();
        note(now);
        if (terminal_) {
            drawn_ = true;
            err_ << "\r\x1b[K" << fleet_line(fleet_, request_) << std::flush;
        } else if (now >= next_line_) {
            next_line_ = now + told_every;
            line(fleet_line(fleet_, request_));
        }
        redraw_.expires_after(redrawn_every);
        redraw_.async_wait([this](const boost::system::error_code& error) {
            if (!error) show();
        });
    }

    void line(const std::string& text) {
        if (terminal_ && drawn_) err_ << "\r\x1b[K";
        err_ << text << "\n" << std::flush;
    }

    const SimulateRequest& request_;
    std::ostream& err_;
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer redraw_, end_;
    simulator::Fleet fleet_;
    bool terminal_ = on_terminal();
    bool drawn_ = false, interrupted_ = false;
    std::size_t most_working_ = 0;
    std::string last_line_;
    Clock::time_point begun_ = Clock::now(), ended_ = begun_, next_line_ = begun_ + told_every;
    std::optional<Clock::duration> all_after_;
};

JsonNode number(std::uint64_t value) {
    return JsonNode::number(std::to_string(value));
}

void print_json(const Simulation& simulation, const SimulateRequest& request, std::ostream& out) {
    const auto counts = simulation.fleet().counts();
    auto summary = JsonNode::object({{"devices", number(request.count)},
                                     {"most_logged_in", number(simulation.most_working())},
                                     {"logins", number(counts.connections)},
                                     {"provisioned", number(counts.provisioned)},
                                     {"reports", number(counts.reports)},
                                     {"settings", number(counts.settings)},
                                     {"downloads", number(counts.downloads)},
                                     {"failures", number(counts.failures)}});
    const auto ms = [](Clock::duration time) {
        return number(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
    };
    summary.put("lasted_ms", ms(simulation.lasted()));
    if (simulation.all_after()) summary.put("all_logged_in_after_ms", ms(*simulation.all_after()));
    out << config::to_json_text(summary) << "\n";
}

void print_text(const Simulation& simulation, const SimulateRequest& request, std::ostream& out) {
    const auto counts = simulation.fleet().counts();
    out << plural(request.count, "device") << " in " << seconds_text(simulation.lasted()) << ": "
        << plural(counts.connections, "login") << ", " << counts.provisioned << " provisioned, "
        << plural(counts.reports, "report") << ", " << plural(counts.settings, "setting") << " applied, "
        << plural(counts.downloads, "download") << ", " << plural(counts.failures, "failure") << ".\n";
}

void check_open_files(const SimulateRequest& request) {
    const auto most = runtime::raise_open_file_limit();
    if (request.count + other_files <= most) return;
    throw CommandFailed("only " + std::to_string(most) + " files and connections may be open here, too few for " +
                        plural(request.count, "device") + ": raise the limit with ulimit -n");
}

}  // namespace

std::string fleet_line(const simulator::Fleet& fleet, const SimulateRequest& request) {
    const auto counts = fleet.counts();
    auto line = std::to_string(fleet.working()) + " of " + std::to_string(request.count) + " logged in, " +
                plural(counts.reports, "report");
    if (counts.settings > 0) line += ", " + plural(counts.settings, "setting");
    if (counts.downloads > 0) line += ", " + plural(counts.downloads, "download");
    const auto failures = fleet.failures();
    const auto most = std::max_element(failures.begin(), failures.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != failures.end()) line += "; " + std::to_string(most->second) + " not: " + printable(most->first);
    return line;
}

int simulate_run(const SimulateScene& scene, const SimulateRequest& request, bool json, std::ostream& out,
                 std::ostream& err) {
    check_open_files(request);
    err << plural(request.count, "simulated device") << " (" << request.profile->name << ") to " << scene.words
        << "; Ctrl-C ends them.\n"
        << std::flush;
    Simulation simulation(scene, request, err);
    simulation.run();
    json ? print_json(simulation, request, out) : print_text(simulation, request, out);
    out.flush();
    if (simulation.interrupted() || simulation.fleet().counts().connections > 0) return 0;
    err << "murano-emulator simulate: no device logged in: " << simulation.last_line() << "\n";
    return 1;
}

}  // namespace cli
