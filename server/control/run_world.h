#pragma once
// What runs that judge devices may do to a device beside the control side's calls. Loop thread only.

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
    // Whether anybody else has a connection: on that connector and from that address, where they are given.
    bool others_connected(Whom whom, std::string_view connector, std::string_view ip);
    // All that the device has, so that it has to come back.
    void disconnect(Whom whom);
    // QoS 0 to each of its connections, subscribed or not.
    void publish(Whom whom, std::string_view topic, std::string_view payload);
    // Nothing: the device or the value is not there.
    std::optional<storage::ValueRow> value(Whom whom, std::string_view alias);
    // What the cloud has set is again as in `before`; nothing: as if it had never been set. What the device has
    // reported since stays.
    void put_back(Whom whom, std::string_view alias, const std::optional<storage::ValueRow>& before);
    // Its row; nothing: it is not there.
    std::optional<storage::IdentityRow> row(Whom whom);
    // As its newest connection logged in; nothing: it has none.
    std::optional<GuestLogin> login_of(Whom whom);
    // The credential of `before` is valid again, unless the device has another one by now.
    void put_back_credential(Whom whom, const storage::IdentityRow& before);
    // Its stored sessions ended so much earlier; no clock moves. [R18a]
    void age_sessions(Whom whom, std::int64_t hours);

  private:
    Device* find(Whom whom);

    Parts parts_;
};

}  // namespace device
