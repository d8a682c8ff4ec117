#pragma once
// What runs that judge devices do to a device beyond the control side's calls. Loop thread only.

#include "server/core/guest.h"
#include "storage/rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace device {

struct Device;
class DeviceTable;
class State;
class Lifecycle;
class Delivery;
struct Context;

class RunWorld {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        State& state;
        Lifecycle& lifecycle;
        Delivery& delivery;
    };
    explicit RunWorld(const Parts& parts) : parts_(parts) {}

    struct Whom {
        std::string_view connector, identity;
    };
    // Their ids and addresses.
    std::vector<std::pair<std::string, std::string>> connections(Whom whom);
    // Whether another device is connected: on that connector and from that address, if given.
    bool others_connected(Whom whom, std::string_view connector, std::string_view ip);
    // Closes all connections of the device, so that it must come back.
    void disconnect(Whom whom);
    // With QoS 0 to each of its connections, subscribed or not.
    void publish(Whom whom, std::string_view topic, std::string_view payload);
    // nullopt: no such device or value.
    std::optional<storage::ValueRow> value(Whom whom, std::string_view alias);
    // Restores what the cloud has set from `before`; nullopt: as if never set. Later reports of the device stay.
    void put_back(Whom whom, std::string_view alias, const std::optional<storage::ValueRow>& before);
    // Its row; nullopt: no such device.
    std::optional<storage::IdentityRow> row(Whom whom);
    // The login of its newest connection; nullopt: none.
    std::optional<GuestLogin> login_of(Whom whom);
    // Makes the credential of `before` valid again, unless the device has a new one.
    void put_back_credential(Whom whom, const storage::IdentityRow& before);
    // Makes its stored sessions this much older; no clock moves. [R18a]
    void age_sessions(Whom whom, std::int64_t hours);

  private:
    Device* find(Whom whom);

    Parts parts_;
};

}  // namespace device
