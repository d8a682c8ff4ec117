#pragma once
// What every part of this box works with, by reference. One per loop thread; made by the app.

#include "config/connector_settings.h"
#include "server/core/commit_queue.h"
#include "server/core/peer.h"
#include "server/journal/journal.h"
#include "server/murano/report_parser.h"
#include "server/runtime/emulator_clock.h"
#include "server/runtime/log.h"
#include "server/runtime/metrics.h"
#include "server/runtime/random.h"
#include "storage/storage.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace verdict {
class Observer;
}

namespace device {

// Certificates are certs' business; the app plugs its functions in here.
struct CertificateTools {
    // The first certificate in a PEM text with its chain, or nullopt with `error` set to a sentence.
    std::function<std::optional<PeerCertificate>(std::string_view pem, std::string& error)> describe;
    // `pem`: the device's certificate, then the chain that it sent.
    std::function<bool(const std::string& pem, const std::string& ca_pem, std::int64_t at_us)> chains_to;
};

struct ContentUrlRequest {
    std::string_view authority;  // host[:port] that the device used
    std::string_view connector;
    std::string_view id;  // of the content item
    std::int64_t now_us = 0;
    std::string_view base_url = {};  // of the connector's settings; empty: not set
    std::string_view identity = {};  // of the device that asks
};

// What a fault makes of a $content reply.
enum class ContentListChange : std::uint8_t { none, expired_urls, wrong_length, wrong_mime, extra, malformed, empty };
struct ContentListFault {
    ContentListChange change = ContentListChange::none;
    std::uint64_t count = 0;  // extra: made-up items
};

struct DeviceOptions {
    std::string default_connector = "local";
    bool auto_create_connectors = true;
    config::ConnectorSettings connector_defaults;
    std::size_t max_outbox_bytes = 16 * 1024 * 1024;
    std::size_t max_subscriptions = 1'000;  // of one session
    std::size_t max_filter_bytes = 65'535;
    std::size_t max_filter_levels = 65'535;
    murano::ReportLimits reports = {};         // of one message
    std::uint64_t max_identities = 1'000'000;  // of one connector
    bool log_packets = false;                  // a readable trace of every packet
};

// Work that takes long: `work` on a helper thread, then `then` on the loop. One after the other.
using Background = std::function<void(std::function<void()> work, std::function<void()> then)>;

// The row of `meta` that keeps the clock.
inline constexpr std::string_view clock_key = "clock";

struct Folders {
    std::filesystem::path content, snapshots;
};

class FaultCalls;
class VerdictCalls;
struct Link;

struct Context {
    DeviceOptions options;
    runtime::EmulatorClock& clock;
    CommitQueue& commits;
    storage::Reader& reader;
    runtime::Log& log;
    runtime::Metrics& metrics;
    runtime::Random& random;
    CertificateTools certificates;
    std::function<std::string(const ContentUrlRequest&)> content_url;
    Folders folders;
    storage::Options database;  // for reading it from another thread
    Background background;
    const std::atomic<bool>& stopping;  // tells such work to end
    std::function<ContentListFault(const Link&)> content_list_fault = {};
    FaultCalls* faults = nullptr;           // nullptr: there are none
    VerdictCalls* verdicts = nullptr;       // nullptr: there are none
    verdict::Observer* observer = nullptr;  // of what is recorded; nullptr: nobody
};

}  // namespace device
