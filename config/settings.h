#pragma once
// All settings of `serve`, typed. Plain values; the initializers are the defaults shown by the table.

#include "config/connector_seed.h"
#include "config/connector_settings.h"
#include "config/json_tree.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// `host`: an IP address without brackets ("localhost" becomes 127.0.0.1); port 0: the system chooses.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

// A device port without TLS. [R1]
struct PlainEndpoint {
    Endpoint endpoint;
    std::string connector;  // empty: the default connector
    bool operator==(const PlainEndpoint&) const = default;
};

enum class Durability : std::uint8_t { normal, full };  // full: acknowledged data survives a power loss too
enum class LogLevel : std::uint8_t { error, warn, info, debug, trace };
enum class LogFormat : std::uint8_t { automatic, text, json };  // automatic: text on a terminal, else json

struct ListenSettings {
    std::vector<Endpoint> mqtts = {{"0.0.0.0", 8883}};
    std::vector<PlainEndpoint> mqtt;
    Endpoint api = {"127.0.0.1", 8080};
    std::vector<Endpoint> api_tls;
};

struct ContentSettings {
    std::string base_url;  // empty: the host name and port that the device used
    std::uint64_t url_expires_s = 600;
};

struct JournalSettings {
    std::uint64_t max_events = 1'000'000;
    std::uint64_t max_bytes = 536'870'912;
    bool packets = false;  // the default of every connector's journal.packets
};

struct Limits {
    std::uint64_t max_connections = 20'000;          // device ports; not logged in: at most half of them
    std::uint64_t max_connections_per_address = 0;   // device ports; 0: no limit
    std::uint64_t max_api_connections = 1'000;       // control ports
    std::uint64_t max_buffered_bytes = 536'870'912;  // of all connections together
    std::uint64_t connect_timeout_ms = 10'000;       // from accept to CONNECT, handshake included
    std::uint64_t max_packet_bytes = 268'435'455;
    std::uint64_t anonymous_max_packet_bytes = 65'536;  // after the CONNECT
    std::uint64_t max_outbox_bytes = 16'777'216;        // [R45b]
    std::uint64_t max_content_bytes = 536'870'912;      // [R65]
    std::uint64_t max_report_bytes = 33'554'432;        // per message
    std::uint64_t max_report_values = 20'000;           // per message, entries included
    std::uint64_t max_subscriptions = 1'000;            // per session
    std::uint64_t max_filter_bytes = 65'535;            // per topic filter
    std::uint64_t max_filter_levels = 65'535;
    std::uint64_t max_identities = 1'000'000;         // per connector
    std::uint64_t max_downloads = 1'000;              // of content, at the same time
    std::uint64_t max_uploads = 200;                  // of content and snapshots, at the same time
    std::uint64_t max_event_streams = 500;            // at the same time
    std::uint64_t max_shown_payload_bytes = 65'536;   // per event
    std::uint64_t max_event_page_bytes = 16'777'216;  // of JSON
    std::uint64_t max_faults = 1'000;                 // spent ones included
    std::uint64_t max_runs = 100;                     // that judge devices, ended ones included
};

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::automatic;
    bool packets = false;
};

// A fault of the settings file. server/faults interprets `node`, whose offsets refer to ServerSettings::file_text.
struct FaultSeed {
    JsonNode node;
    std::string path;                      // "faults[0]", "connectors.lab.faults[2]"
    std::optional<std::string> connector;  // the connector whose section it is in
};

// An empty text means "none". Paths as given: relative ones refer to the working directory.
struct ServerSettings {
    std::string config_file;
    ListenSettings listen;
    std::string data_dir = "./murano-data";
    bool ephemeral = false;
    std::string snapshot;  // file to start from
    bool recover = false;  // sets a broken database aside
    std::string domain = "m2.exosite.io";
    std::string default_connector = "local";
    bool require_sni = true;
    std::string
        outside_address;  // "HOST:PORT", ":PORT" or "PORT" of the device port as seen from outside; empty: as here
    bool auto_create_connectors = true;
    Durability durability = Durability::normal;
    ContentSettings content;
    JournalSettings journal;
    Limits limits;
    std::string api_token;  // a secret
    bool api_open = false;
    bool no_page = false;  // browsers get no page
    std::string ca_cert;
    std::string ca_key;
    std::string tls_cert;
    std::string tls_key;
    std::string tls_key_log;  // file for the secrets of device connections; empty: not written
    std::string ready_file;
    LogSettings log;
    std::uint64_t threads = 1;          // one runs the event loop, the others do TLS handshakes
    std::optional<std::uint64_t> seed;  // nullopt: the system's cryptographic source

    ConnectorSettings connector_defaults;
    std::map<std::string, ConnectorSeed, std::less<>> connectors;
    std::vector<FaultSeed> faults;
    std::string file_text;  // of the settings file, if it describes faults

    // The connector's initial settings: the file's, else the defaults.
    const ConnectorSettings& connector(std::string_view id) const {
        const auto found = connectors.find(id);
        return found == connectors.end() ? connector_defaults : found->second.settings;
    }
};

}  // namespace config
