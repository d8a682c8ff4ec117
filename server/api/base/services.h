#pragma once
// What the handlers work with. Made by the app; all references outlive the routes. Loop thread only.

#include "config/connector_settings.h"
#include "server/api/base/account_tokens.h"
#include "server/api/base/content_urls.h"
#include "server/control/clock_port.h"
#include "server/control/connection_port.h"
#include "server/control/connector_port.h"
#include "server/control/content_port.h"
#include "server/control/http_device_port.h"
#include "server/control/identity_port.h"
#include "server/control/journal_port.h"
#include "server/control/process_port.h"
#include "server/control/reset_port.h"
#include "server/control/snapshot_port.h"
#include "server/control/state_port.h"
#include "server/journal/event_json.h"
#include "server/runtime/places.h"
#include "server/runtime/random.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace device {
class FaultCalls;
class VerdictCalls;
}  // namespace device

namespace api {

class SimulatedDevices;

struct ApiOptions {
    std::string domain = "m2.exosite.io";
    std::uint16_t device_port = 8883;  // part of `fqdn` unless 443
    config::ConnectorSettings connector_defaults;
    std::uint64_t max_content_bytes = 536'870'912;
    std::size_t max_shown_payload_bytes = journal::default_shown_payload;
    std::size_t max_event_page_bytes = 16 * 1024 * 1024;
    bool durable_content = false;  // an upload is answered once it is on the disk
    std::string token;             // --api-token; empty: none
    std::string version = "0.1.0";
    std::string commit = {};
};

// Limits on concurrent work; nullopt: no limit.
struct Rooms {
    std::optional<runtime::Places> downloads = {}, uploads = {}, event_streams = {};
};

struct Services {
    device::ConnectorPort& connectors;
    device::IdentityPort& identities;
    device::StatePort& state;
    device::ContentPort& content;
    device::HttpDevicePort& http_devices;
    device::ConnectionPort& connections;
    device::JournalPort& journal;
    device::ClockPort& clock;
    device::ResetPort& resets;
    device::SnapshotPort& snapshots;
    device::ProcessPort& process;
    runtime::Random& random;
    ContentUrls& urls;
    AccountTokens& tokens;
    AccountTokens& codes;  // of logins waiting for their second factor
    std::function<std::string()> ca_pem;
    ApiOptions options;
    Rooms rooms = {};
    device::FaultCalls* faults = nullptr;      // nullptr: there are none
    device::VerdictCalls* verdicts = nullptr;  // nullptr: there are none
    SimulatedDevices* simulated = nullptr;     // nullptr: there are none
};

}  // namespace api
