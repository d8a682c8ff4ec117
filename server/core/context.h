#pragma once
// What every part of this box works with, by reference. One per loop thread, made by the app.

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
    // The first certificate in a PEM text, with its chain; or nullopt, and `error` holds a sentence.
    std::function<std::optional<PeerCertificate>(std::string_view pem, std::string& error)> describe;
    // `pem`: the device's certificate, then the chain it sent.
    std::function<bool(const std::string& pem, const std::string& ca_pem, std::int64_t at_us)> chains_to;
};

struct ContentUrlRequest {
    std::string_view authority;  // host[:port] used by the device
    std::string_view connector;
    std::string_view id;  // the content item's
    std::int64_t now_us = 0;
    std::string_view base_url = {};  // from the connector's settings; empty: not set
    std::string_view identity = {};  // the asking device's
};

// How a fault changes a $content reply.
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
    std::size_t max_subscriptions = 1'000;  // per session
    std::size_t max_filter_bytes = 65'535;
    std::size_t max_filter_levels = 65'535;
    murano::ReportLimits reports = {};         // per message
    std::uint64_t max_identities = 1'000'000;  // per connector
    bool log_packets = false;                  // a readable line for every packet
};

// Long work: runs `work` on a helper thread, then `then` on the loop. One at a time.
using Background = std::function<void(std::function<void()> work, std::function<void()> then)>;

// The key of the `meta` row that keeps the clock.
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
    const std::atomic<bool>& stopping;  // such work checks it and ends
    std::function<ContentListFault(const Link&)> content_list_fault = {};
    FaultCalls* faults = nullptr;           // nullptr: there are none
    VerdictCalls* verdicts = nullptr;       // nullptr: there are none
    verdict::Observer* observer = nullptr;  // sees what is recorded; nullptr: none
};

}  // namespace device
