#pragma once
// The control side's calls on the devices of one loop. Loop thread only; see control_port.h.

#include "server/control/control_port.h"
#include "server/control/identity_changes.h"
#include "server/control/reset.h"
#include "server/control/seeds.h"
#include "server/control/snapshots.h"
#include "server/core/device_table.h"
#include "server/device/expiry.h"
#include "server/device/lifecycle.h"
#include "server/device/on_connect.h"
#include "server/device/provisioner.h"
#include "server/device/state.h"

#include <map>
#include <set>

namespace device {

class ControlService : public ControlPort {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        Recorder& recorder;
        Delivery& delivery;
        State& state;
        Sessions& sessions;
        Lifecycle& lifecycle;
        Provisioner& provisioner;
        Logins& logins;
        Seeds& seeds;
        Expiry& expiry;
        ContentFiles& files;
        journal::HiddenEvents& hidden;
        Snapshots& snapshots;
    };
    explicit ControlService(const Parts& parts);

    std::vector<ConnectorInfo> connectors() override;
    bool connector_exists(std::string_view connector) override;
    bool connector_known(std::string_view connector) override;
    std::string default_connector() override { return parts_.context.options.default_connector; }
    config::ConnectorSettings connector_settings(std::string_view connector) override;
    Failure put_connector_settings(std::string_view connector, const config::ConnectorSettings& settings) override;
    Failure delete_connector(std::string_view connector) override;
    SlicedWork<std::monostate> thin_out(std::string_view connector) override;

    SlicedWork<IdentitySelection> select_identities(std::string_view connector, const IdentityQuery& query) override;
    std::vector<IdentityView> identity_views(std::string_view connector,
                                             std::span<const std::int64_t> device_ids) override;
    std::optional<IdentityView> identity(std::string_view connector, std::string_view identity) override;
    Failure put_identity(std::string_view connector, std::string_view identity, const IdentityChange& change) override;
    Failure patch_identity(std::string_view connector, std::string_view identity,
                           const IdentityChange& change) override;
    SlicedWork<Failure> change_identities(std::string_view connector, std::vector<NamedChange>&& changes,
                                          Unknown unknown) override;
    SlicedWork<std::vector<std::string>> tag_names(std::string_view connector) override;
    Failure delete_identity(std::string_view connector, std::string_view identity) override;

    std::optional<std::vector<StateEntry>> state(std::string_view connector, std::string_view identity) override;
    Failure set_state(std::string_view connector, std::string_view identity,
                      const std::vector<StateWrite>& writes) override;
    Failure publish(std::string_view connector, std::string_view identity, std::string_view topic,
                    std::string_view payload) override;

    std::filesystem::path content_dir() override { return parts_.files.folder(); }
    std::string new_content_file() override { return parts_.files.new_name(); }
    std::vector<storage::ContentRow> content(std::string_view connector) override;
    std::optional<storage::ContentRow> content_item(std::string_view connector, std::string_view id) override;
    Failure put_content(ContentPut&& put) override;
    Failure delete_content(std::string_view connector, std::string_view id) override;

    Activated activate(const Activation& request) override;
    std::optional<std::string> authenticate(const HttpCredential& credential) override;
    void http_refused(const HttpRefusal& refusal) override;

    std::vector<ConnectionView> connections() override;
    bool close_connection(std::string_view connection_id) override;
    std::vector<SessionView> sessions() override;

    std::vector<storage::JournalBlock> journal_blocks(std::int64_t after, std::uint32_t limit) override;
    std::optional<storage::JournalBlock> journal_beginning(std::int64_t after) override;
    std::int64_t newest_cursor() override;
    std::uint64_t dropped_events() override;
    std::uint64_t watch_events(std::function<void()> wake) override;
    void unwatch_events(std::uint64_t watch) override;

    ClockView clock(std::string_view connector) override;
    Failure change_clock(std::string_view connector, const ClockChange& change) override;
    Failure advance_clock(std::string_view connector, std::int64_t by_us) override;
    void reset_clock(std::string_view connector) override;
    Failure reset(std::string_view connector, std::string_view identity) override;

    std::vector<SnapshotInfo> snapshots() override;
    SnapshotTask save_snapshot(const std::string& name) override;
    SnapshotTask load_snapshot(const std::string& name) override;
    SnapshotTask import_snapshot(const std::string& name, const std::filesystem::path& uploaded) override;
    Failure delete_snapshot(const std::string& name) override;
    std::filesystem::path snapshot_file(const std::string& name) override;
    std::filesystem::path new_snapshot_upload() override;

    std::string metrics_text() override;
    bool ready() override { return ready_; }
    std::optional<std::string> storage_failure() override { return parts_.context.commits.failing(); }
    void set_ready(bool ready) { ready_ = ready; }
    void wake() { wake_watches(); }  // a waited-for task has ended
    // For the metrics. `version` outlives this; `started_us`: real time since 1970.
    void describe_process(std::string_view version, std::int64_t started_us) {
        version_ = version;
        started_us_ = started_us;
    }

  private:
    Device* find(std::string_view connector, std::string_view identity);
    runtime::Now now(std::string_view connector) const { return parts_.context.clock.now(connector); }
    IdentityView view_of(const storage::IdentityRow& row, const Device* device) const;
    void came_by(Connector& connector, std::string_view identity, const std::string& host);
    void close_all(Connector& connector, CloseReason reason);
    void erase_connector(Connector& connector, CloseReason reason);
    void keep_clock();
    void wake_watches();

    Parts parts_;
    IdentityChanges changes_;
    std::map<std::uint64_t, std::function<void()>> watches_;
    std::uint64_t next_watch_ = 1;
    bool ready_ = false;
    std::string_view version_;
    std::int64_t started_us_ = 0;
};

}  // namespace device
