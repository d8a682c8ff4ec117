#include "tests/bench/load/fleet.h"

#include <algorithm>
#include <string>

namespace load {
namespace {

constexpr std::size_t opening_at_once = 64;  // below every server's listen backlog

std::string padded(std::size_t number, std::size_t width) {
    const std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

std::string device_id(std::size_t number) {
    return "d" + padded(number, 6);
}

Credentials credentials_of(std::size_t number) {
    return {device_id(number), device_id(number), "T" + padded(number, 39)};
}

// A flood fills what the system gives a socket, megabytes each: with many of them a server has minutes of work waiting,
// and the barrier behind it waits as long.
int send_buffer_of(const Options& options) {
    constexpr std::size_t many = 100;
    constexpr std::size_t together = 64 * 1024 * 1024;
    return options.qos > 0 || options.connections <= many ? 0 : static_cast<int>(together / options.connections);
}

Endpoint endpoint_of(const Options& options) {
    return {options.port, options.sni, options.tls.empty() ? nullptr : make_tls(options.tls, options.tls_version),
            options.resume, send_buffer_of(options)};
}

Fleet::Fleet(Loop& loop, const Options& options, Handler& handler)
    : loop_(loop), options_(options), endpoint_(endpoint_of(options)) {
    connections_.reserve(options.connections);
    for (std::size_t index = 0; index < options.connections; ++index)
        connections_.push_back(std::make_unique<Connection>(loop, endpoint_, handler, index,
                                                            credentials_of(options.first_device + index)));
}

void Fleet::open_some() {
    while (opened_ < connections_.size() && opened_ < ready_ + opening_at_once) connections_.at(opened_++)->open();
}

void Fleet::open_all() {
    open_some();
    loop_.run([this] { return all_ready(); }, [this] { open_some(); }, std::chrono::seconds(options_.patience_s));
}

}  // namespace load
