#pragma once
// Finds connectors and devices: in memory first, then in the store. Devices that are not needed leave memory, the
// oldest first.

#include "server/core/arrivals.h"
#include "server/core/connector.h"
#include "server/core/context.h"
#include "server/core/identity_counts.h"
#include "server/core/identity_watch.h"
#include "server/core/idle_devices.h"
#include "server/core/revoked_tokens.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace device {

class DeviceTable {
  public:
    explicit DeviceTable(Context& context);

    Connector* find_connector(std::string_view id);  // nullptr: does not exist
    // Creates it from the defaults if that is allowed; nullptr: it is not.
    Connector* find_or_make_connector(std::string_view id);
    Connector& make_connector(std::string_view id, const config::ConnectorSettings& settings);
    RevokedTokens& revoked_tokens() { return revoked_tokens_; }
    const config::ConnectorSettings& settings_or_defaults(std::string_view id) const;
    bool may_exist(std::string_view id);         // exists, or a CONNECT would create it
    void keep_settings(Connector& connector);    // writes them to the store
    void forget_connector(std::string_view id);  // its links must have ended
    void forget_everything();                    // for all connectors, also in the store: a reset
    // False until the commit that deletes the connector: the store still has rows that are gone already.
    bool store_tells(std::string_view connector) const;
    TextMap<std::unique_ptr<Connector>>& connectors() { return connectors_; }

    Device* find(Connector& connector, std::string_view identity);  // nullptr: unknown
    Device* find_by_token(Connector& connector, std::string_view token);
    Device* find_by_token_beginning(Connector& connector, std::string_view beginning);
    Device& make_device(Connector& connector, std::string_view identity, std::int64_t now_us);
    void keep_identity(Device& device);  // writes its row to the store
    void remove_device(Device& device);  // from the store; its links must have ended

    // --- long lists of identities, without a Device for each ---
    bool in_memory(const Connector& connector, std::string_view identity) const;
    // The row of an identity that is not in memory, as it is or will be in the store; nullopt: unknown.
    std::optional<storage::IdentityRow> stored_row(const Connector& connector, std::string_view identity);
    std::int64_t new_device_id() { return ++last_device_id_; }
    // Appends the initial values of a new identity to `values`.
    void initial_values(const Connector& connector, std::int64_t device_id, std::int64_t now_us,
                        std::vector<storage::ValueWrite>& values) const;
    // None of them is in memory, and none was touched since its row was made. `changes` and `values` write the same to
    // the store. `made`: the number of new ones.
    void arrive(Connector& connector, ArrivalMap&& identities, std::vector<storage::Change>&& changes,
                std::vector<storage::ValueWrite>&& values, std::uint64_t made);
    // Deletes an identity that is not in memory from the store, with its values and sessions.
    void remove_stored(const Connector& connector, std::string_view identity, std::int64_t device_id);
    IdentityWatches& watches() { return watches_; }

    // How many more identities the connector may have. [limits.max_identities]
    std::uint64_t room_for_identities(const Connector& connector) { return identity_counts_.left(connector.id); }

    // A device that was looked at may leave memory at release_idle() if it has no connections and no uncommitted
    // changes.
    void release_idle();
    void look_at(Device& device);
    // After a failed commit: memory is ahead of the store. All links must have ended.
    void forget_all();
    void forget_packet_ids();  // the same ids now belong to other devices

  private:
    void let_go(Device& device);
    void drop(Device& device);
    Device& load(Connector& connector, storage::IdentityRow&& row);
    Device& load_arrival(Connector& connector, const Arrivals::Found& found);
    void give_initial_values(Device& device, std::int64_t now_us);
    void load_connectors();
    void keep_packet_ids(const Device& device);

    Context& context_;
    IdentityCounts identity_counts_;
    TextMap<std::unique_ptr<Connector>> connectors_;
    Arrivals arrivals_;
    IdentityWatches watches_;
    std::unordered_set<Device*> looked_at_;
    IdleDevices idle_;
    RevokedTokens revoked_tokens_;
    // Of the newest few thousand devices that left memory: a device that comes back repeats with DUP. [R27]
    std::unordered_map<std::int64_t, RecentPacketIds> packet_ids_;  // by device_id
    std::deque<std::int64_t> packet_ids_order_;                     // oldest first
    std::uint64_t all_forgotten_until_ = 0;                         // commit sequence
    TextMap<std::uint64_t> forgotten_until_;                        // by connector
    std::int64_t last_device_id_ = 0;
};

}  // namespace device
