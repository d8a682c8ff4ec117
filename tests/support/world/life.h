#pragma once
// A whole server without sockets and disk, from a start to a crash: everything between the MQTT session and the store.
// The test controls time and commits.

#include "server/control/device_service.h"
#include "server/mqtt/session.h"
#include "tests/support/memory_store.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace test {

// What a crash leaves: the store, the time, and the process's output.
struct Ground {
    explicit Ground(runtime::LogLevel level = runtime::LogLevel::error)
        : log(level, runtime::LogFormat::json, [](std::string_view) { return true; }) {}

    device::DeviceOptions options;
    protocol::PacketLimits packets;
    MemoryStore store;
    runtime::RealTime real{1'700'000'000'000'000, std::chrono::steady_clock::time_point{std::chrono::hours(1)}};
    runtime::Log log;
    runtime::Metrics metrics;
    runtime::Random random = runtime::Random::from_seed(1);
    std::atomic<bool> stopping{false};
    // Files on the disk, if the test has any; by default there are none, and nothing runs beside the loop.
    device::Folders folders{"/nowhere", "/nowhere"};
    storage::Options database;
    device::Background background = [](const std::function<void()>&, const std::function<void()>&) {};

    void pass(std::chrono::milliseconds time) {
        real.us += std::chrono::microseconds(time).count();
        real.steady += time;
    }
};

struct Life {
    explicit Life(Ground& ground);

    runtime::EmulatorClock clock;
    std::unique_ptr<storage::Reader> reader;
    journal::Journal journal;
    device::CommitQueue commits;
    device::DeviceService devices;
};

// Facts of a TLS connection to `connector`.
device::PeerFacts peer_facts(Ground& ground, std::string_view connector);

}  // namespace test
