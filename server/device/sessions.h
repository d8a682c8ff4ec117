#pragma once
// Stored sessions of a device: Clean Session keeps, resumes and erases them. [R17-R21, R18a]

#include "server/core/context.h"
#include "server/core/link.h"

namespace device {

inline constexpr std::int64_t session_kept_us = 24LL * 60 * 60 * 1'000'000;

// Exactly 24 h is not older; setting the clock back makes nothing older. [R18a]
constexpr bool older_than_24h(std::int64_t last_disconnect_us, std::int64_t now_us) {
    return now_us - last_disconnect_us > session_kept_us;
}

class DeviceTable;

class Sessions {
  public:
    explicit Sessions(Context& context) : context_(context) {}

    // After CONNECT was accepted and an older connection of the same ClientID has ended: the client's device, client_id and
    // clean_session are set. True: a session was resumed (Session Present).
    bool begin(Link& link, std::int64_t now_us);
    void filters_changed(Link& link);
    void end(Link& link, std::int64_t now_us);
    void forget_all(Device& device);  // revoke, delete [R63]
    // An identity that the store has as connected, but that has no connection, lost it now, by its connector's clock:
    // after a snapshot or a failed commit. Only while nothing is uncommitted. [R18a]
    void end_lost(DeviceTable& table);

  private:
    void erase(Device& device, std::size_t index);
    void keep(Device& device, const storage::SessionRow& session);
    void erase_others(Link& link, std::int64_t now_us);

    Context& context_;
};

}  // namespace device
