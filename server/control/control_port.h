#pragma once
// What the control side (HTTP API, settings file) may ask of the devices: the only way from api to devices. It is the
// sum of narrow ports; a group of routes takes those that it uses.
//
// Threads: the loop thread only. Calls return at once with plain values; what they change is submitted, not yet
// committed: the caller's answer leaves only after the commit (net's outbox sees to it), and a handler runs only after
// all that was received before it is committed, so that lists read from the store are complete. Errors: ControlError,
// which carries what kind of error it is and a sentence for the user. Times: µs, the emulator's clock.

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
