#include "config/settings_table.h"

#include "config/address.h"

#include <algorithm>
#include <array>

namespace config {

namespace {

constexpr std::uint64_t largest_packet = 268'435'455;  // [MQTT-2.2.3]
constexpr std::uint64_t largest_size = 1ULL << 53U;    // what every JSON reader keeps exactly
constexpr std::uint64_t one_year_s = 365ULL * 24 * 60 * 60;
constexpr std::uint64_t largest_seed = ~std::uint64_t{0};

constexpr auto rows = std::to_array<Setting>({
    {.path = "",
     .flag = "config",
     .argument = "FILE",
     .help = "Settings file: JSON, comments and trailing commas allowed.",
     .target = [](ServerSettings& s) -> Target { return &s.config_file; }},
    {.path = "data_dir",
     .flag = "data-dir",
     .argument = "DIR",
     .help = "Folder of database, certificates and content.",
     .target = [](ServerSettings& s) -> Target { return &s.data_dir; }},
    {.path = "ephemeral",
     .flag = "ephemeral",
     .argument = "",
     .help = "Use a temporary data folder, removed at stop.",
     .target = [](ServerSettings& s) -> Target { return &s.ephemeral; }},
    {.path = "snapshot",
     .flag = "snapshot",
     .argument = "FILE",
     .help = "Start from this exported snapshot: it replaces what the data folder holds, at every start.",
     .target = [](ServerSettings& s) -> Target { return &s.snapshot; }},
    {.path = "recover",
     .flag = "recover",
     .argument = "",
     .help = "Set a broken database aside and start from what can be read of it.",
     .target = [](ServerSettings& s) -> Target { return &s.recover; }},
    {.path = "listen.mqtts",
     .flag = "mqtts",
     .argument = "ADDR:PORT",
     .help = "Device port, TLS. IPv6 as [::]:8883; port 0 lets the system choose.",
     .target = [](ServerSettings& s) -> Target { return &s.listen.mqtts; }},
    {.path = "listen.mqtt",
     .flag = "mqtt",
     .argument = "ADDR:PORT[=CONNECTOR]",
     .help =
         "Device port without TLS, for that connector, else for the default one. Its protocol.devmode must be true.",
     .target = [](ServerSettings& s) -> Target { return &s.listen.mqtt; }},
    {.path = "listen.api",
     .flag = "api",
     .argument = "ADDR:PORT",
     .help = "Control API and metrics. An address that is not loopback needs --api-token or --api-open.",
     .target = [](ServerSettings& s) -> Target { return &s.listen.api; }},
    {.path = "listen.api_tls",
     .flag = "api-tls",
     .argument = "ADDR:PORT",
     .help = "The control API over TLS, with a certificate of the emulator's authority.",
     .target = [](ServerSettings& s) -> Target { return &s.listen.api_tls; }},
    {.path = "api_token",
     .flag = "api-token",
     .argument = "TOKEN",
     .help = "Every control call must then carry this token, except health and ca.crt.",
     .target = [](ServerSettings& s) -> Target { return &s.api_token; },
     .check = [](std::string_view text) { return text.find_first_of(" \t\r\n") == std::string_view::npos; },
     .expected = "a token without white space",
     .secret = true},
    {.path = "api_open",
     .flag = "api-open",
     .argument = "",
     .help = "Let the control API listen on any address without a token.",
     .target = [](ServerSettings& s) -> Target { return &s.api_open; }},
    {.path = "domain",
     .flag = "domain",
     .argument = "NAME",
     .help = "The SNI name <connector>.<domain> selects the connector.",
     .target = [](ServerSettings& s) -> Target { return &s.domain; },
     .check = is_domain,
     .expected = "a domain name in lower case, such as m2.exosite.io"},
    {.path = "default_connector",
     .flag = "default-connector",
     .argument = "ID",
     .help = "The connector that any SNI name outside the domain means.",
     .target = [](ServerSettings& s) -> Target { return &s.default_connector; },
     .check = is_connector_id,
     .expected = "a connector id: 1 to 63 lower-case letters, digits and hyphens"},
    {.path = "auto_create_connectors",
     .flag = "auto-create-connectors",
     .argument = "",
     .help = "Make an unknown connector from connector_defaults on first use.",
     .target = [](ServerSettings& s) -> Target { return &s.auto_create_connectors; }},
    {.path = "tls.require_sni",
     .flag = "tls-require-sni",
     .argument = "",
     .help = "Abort a handshake without SNI, as Murano does; false: it means the default connector.",
     .target = [](ServerSettings& s) -> Target { return &s.require_sni; }},
    {.path = "ca_cert",
     .flag = "ca-cert",
     .argument = "FILE",
     .help = "Certificate of an authority of your own, PEM, for firmware with a pinned root. Needs --ca-key.",
     .target = [](ServerSettings& s) -> Target { return &s.ca_cert; }},
    {.path = "ca_key",
     .flag = "ca-key",
     .argument = "FILE",
     .help = "Private key of --ca-cert, PEM.",
     .target = [](ServerSettings& s) -> Target { return &s.ca_key; }},
    {.path = "tls_cert",
     .flag = "tls-cert",
     .argument = "FILE",
     .help = "A ready server certificate with its intermediates, PEM. Needs --tls-key.",
     .target = [](ServerSettings& s) -> Target { return &s.tls_cert; }},
    {.path = "tls_key",
     .flag = "tls-key",
     .argument = "FILE",
     .help = "Private key of --tls-cert, PEM.",
     .target = [](ServerSettings& s) -> Target { return &s.tls_key; }},
    {.path = "ready_file",
     .flag = "ready-file",
     .argument = "FILE",
     .help = "Written when everything listens, with the real ports; removed at stop.",
     .target = [](ServerSettings& s) -> Target { return &s.ready_file; }},
    {.path = "storage.durability",
     .flag = "storage-durability",
     .argument = "LEVEL",
     .help = "What is acknowledged survives the end of the process (normal), and a power loss too (full).",
     .target = [](ServerSettings& s) -> Target { return &s.durability; }},
    {.path = "content.base_url",
     .flag = "content-base-url",
     .argument = "URL",
     .help = "Begin of content URLs, in place of the host name and port that the device used.",
     .target = [](ServerSettings& s) -> Target { return &s.content.base_url; },
     .check = is_http_url,
     .expected = "an http:// or https:// URL"},
    {.path = "content.url_expires_s",
     .flag = "content-url-expires-s",
     .argument = "SECONDS",
     .help = "How long a content URL holds.",
     .target = [](ServerSettings& s) -> Target { return &s.content.url_expires_s; },
     .min = 1,
     .max = one_year_s},
    {.path = "journal.max_events",
     .flag = "journal-max-events",
     .argument = "N",
     .help = "Events kept in the journal; the oldest go first.",
     .target = [](ServerSettings& s) -> Target { return &s.journal.max_events; },
     .min = 1,
     .max = largest_size},
    {.path = "journal.max_bytes",
     .flag = "journal-max-bytes",
     .argument = "BYTES",
     .help = "Size of the journal; the oldest events go first.",
     .target = [](ServerSettings& s) -> Target { return &s.journal.max_bytes; },
     .min = 1024,
     .max = largest_size},
    {.path = "journal.packets",
     .flag = "journal-packets",
     .argument = "",
     .help = "Keep every packet in the journal, for connectors whose own journal.packets says nothing.",
     .target = [](ServerSettings& s) -> Target { return &s.journal.packets; }},
    {.path = "limits.max_connections",
     .flag = "limits-max-connections",
     .argument = "N",
     .help = "Device connections at a time. Those that have not logged in take at most half, oldest closed first.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_connections; },
     .min = 1,
     .max = 1'000'000},
    {.path = "limits.max_connections_per_address",
     .flag = "limits-max-connections-per-address",
     .argument = "N",
     .help = "Device connections at a time from one IP address; 0: no limit of its own.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_connections_per_address; },
     .min = 0,
     .max = 1'000'000},
    {.path = "limits.max_api_connections",
     .flag = "limits-max-api-connections",
     .argument = "N",
     .help = "Connections of the control ports at a time, beside those of devices.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_api_connections; },
     .min = 1,
     .max = 1'000'000},
    {.path = "limits.max_buffered_bytes",
     .flag = "limits-max-buffered-bytes",
     .argument = "BYTES",
     .help = "What all connections together may hold: packets that are not whole yet, output that nobody reads. Above "
             "it the connection for which most is waiting is closed.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_buffered_bytes; },
     .min = 65'536,
     .max = largest_size},
    {.path = "limits.connect_timeout_ms",
     .flag = "limits-connect-timeout-ms",
     .argument = "MS",
     .help = "From accept to CONNECT, handshake included.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.connect_timeout_ms; },
     .min = 1,
     .max = 3'600'000},
    {.path = "limits.max_packet_bytes",
     .flag = "limits-max-packet-bytes",
     .argument = "BYTES",
     .help = "Largest MQTT packet of a device.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_packet_bytes; },
     .min = 1024,
     .max = largest_packet},
    {.path = "limits.anonymous_max_packet_bytes",
     .flag = "limits-anonymous-max-packet-bytes",
     .argument = "BYTES",
     .help = "Largest MQTT packet of an anonymous client after its CONNECT.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.anonymous_max_packet_bytes; },
     .min = 1024,
     .max = largest_packet},
    {.path = "limits.max_outbox_bytes",
     .flag = "limits-max-outbox-bytes",
     .argument = "BYTES",
     .help = "What may wait for a connection that does not read, before messages to it are dropped.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_outbox_bytes; },
     .min = 1024,
     .max = largest_size},
    {.path = "limits.max_content_bytes",
     .flag = "limits-max-content-bytes",
     .argument = "BYTES",
     .help = "Largest content item.",
     .target = [](ServerSettings& s) -> Target { return &s.limits.max_content_bytes; },
     .min = 1,
     .max = largest_size},
    {.path = "log.level",
     .flag = "log-level",
     .argument = "LEVEL",
     .help = "Least level that is logged.",
     .target = [](ServerSettings& s) -> Target { return &s.log.level; }},
    {.path = "log.format",
     .flag = "log-format",
     .argument = "FORMAT",
     .help = "One line an event; auto: text on a terminal, else json.",
     .target = [](ServerSettings& s) -> Target { return &s.log.format; }},
    {.path = "log.packets",
     .flag = "log-packets",
     .argument = "",
     .help = "A readable trace of every packet. Secrets never appear.",
     .target = [](ServerSettings& s) -> Target { return &s.log.packets; }},
    {.path = "seed",
     .flag = "seed",
     .argument = "N",
     .help = "Make tokens, ids and every random choice repeatable. For tests only.",
     .target = [](ServerSettings& s) -> Target { return &s.seed; },
     .min = 0,
     .max = largest_seed},
});

template <typename Matches>
const Setting* find(Matches matches) {
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Setting> settings_table() {
    return rows;
}

const Setting* find_setting_by_path(std::string_view path) {
    return find([path](const Setting& setting) { return !path.empty() && setting.path == path; });
}

const Setting* find_setting_by_flag(std::string_view flag) {
    return find([flag](const Setting& setting) { return setting.flag == flag; });
}

const Setting* find_setting_by_variable(std::string_view variable) {
    return find([variable](const Setting& setting) { return variable_of(setting) == variable; });
}

std::string variable_of(const Setting& setting) {
    std::string name = "MURANO_EMULATOR_";
    for (const char c : setting.flag)
        name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

std::string_view name_of(const Setting& setting) {
    return setting.path.empty() ? setting.flag : setting.path;
}

}  // namespace config
