#pragma once
// What the control side (HTTP API, settings file) may call on the devices: the only way from api to devices. The sum of
// narrow ports; a group of routes takes only the ports it uses.
//
// Threads: the loop thread only. Calls return at once with plain values; their changes are submitted, not yet
// committed: net's outbox holds the caller's answer until the commit, and a handler runs only when everything received
// before it is committed, so lists read from the store are complete. Errors: ControlError, with a kind and a sentence
// for the user. Times: µs, the emulator's clock.

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

namespace device {

class ControlPort : public ConnectorPort,
                    public IdentityPort,
                    public StatePort,
                    public ContentPort,
                    public HttpDevicePort,
                    public ConnectionPort,
                    public JournalPort,
                    public ClockPort,
                    public ResetPort,
                    public SnapshotPort,
                    public ProcessPort {};

}  // namespace device
