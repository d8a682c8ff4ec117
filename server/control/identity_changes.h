#pragma once
// Changes of an identity by the control side: checks and applies them. Loop thread only.

#include "config/names.h"
#include "server/control/identity_port.h"
#include "server/core/device_table.h"
#include "server/device/lifecycle.h"

#include <string_view>

namespace device {

ControlError unknown_identity(std::string_view identity);  // [D17]
ControlError too_many_identities(std::string path);

class IdentityChanges {
  public:
    IdentityChanges(Context& context, DeviceTable& table, Lifecycle& lifecycle)
        : context_(context), table_(table), lifecycle_(lifecycle) {}

    // Why the change is not allowed; paths begin with "$".
    Failure check(Connector& connector, std::string_view identity, const IdentityChange& change);
    void apply(Device& device, const IdentityChange& change);

    // Changes only the row: no connection, session or event is affected.
    static bool is_plain(const IdentityChange& change) { return !change.locked && change.auth_expire_us != 0; }
    static void apply_plain(const Connector& connector, storage::IdentityRow& row, const IdentityChange& change);

    // Sets a token, which no other identity may have.
    static bool names_token(const Connector& connector, const IdentityChange& change);

  private:
    static config::AuthType type_of(const Connector& connector, const IdentityChange& change);

    Context& context_;
    DeviceTable& table_;
    Lifecycle& lifecycle_;
};

}  // namespace device
