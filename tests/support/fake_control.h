#pragma once
// A small ControlPort in memory, with the errors that the API must show. Knows only the devices that tests add.

#include "server/control/control_port.h"
#include "server/journal/journal.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace test {

// Long work: the result comes with the second slice.
template <typename Result>
class InTwoSlices final : public device::Sliced<Result> {
  public:
    explicit InTwoSlices(Result result) : result_(std::move(result)) {}
    std::optional<Result> go_on() override {
        return std::exchange(begun_, true) ? std::optional<Result>(std::move(result_)) : std::nullopt;
    }

  private:
    Result result_;
    bool begun_ = false;
};

class FakeControl : public device::ControlPort {
  public:
    using Key = std::pair<std::string, std::string>;

    FakeControl() : dir_(std::filesystem::temp_directory_path() / ("murano-api-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(dir_);
    }
    ~FakeControl() override {
        std::error_code ignored;
        std::filesystem::remove_all(dir_, ignored);
    }

    // --- for tests ---
    std::map<std::string, config::ConnectorSettings, std::less<>> settings;
    std::map<Key, device::IdentityView> known;
    std::map<Key, std::vector<device::StateEntry>> states;
    std::map<Key, storage::ContentRow> items;
    std::vector<device::ConnectionView> live;
    std::vector<device::SessionView> stored;
    std::vector<std::string> calls;  // calls that changed something, in order
    device::IdentityQuery last_query;
    device::IdentityChange last_change;
    std::vector<device::StateWrite> last_writes;
    device::Activation last_activation;
    device::HttpCredential last_credential;
    device::Activated activated{std::nullopt, std::string(40, 'T')};
    std::optional<std::string> authenticated;
    std::vector<device::HttpRefusal> refusals;
    device::ClockView time{1'000'000'000, 0, false};
    device::Failure fails;  // the next change fails with it
    bool is_ready = true;
    std::optional<std::string> failing;
    std::uint64_t dropped = 0;
    std::map<std::uint64_t, std::function<void()>> watches;

    void commit_event(const journal::Event& event) {
        settings.try_emplace(std::string(event.connector));
        journal_.append(event);
        for (auto& block : journal_.take_blocks()) {
            blocks_.push_back({block.first_cursor, block.last_cursor, block.first_timestamp_us, block.last_timestamp_us,
                               block.events, std::move(block.bytes)});
        }
        const auto now = watches;
        for (const auto& [id, wake] : now) wake();
    }
    void add_identity(const std::string& connector, const std::string& identity) {
        device::IdentityView view;
        view.row.connector = connector;
        view.row.identity = identity;
        view.status = "whitelisted";
        known[{connector, identity}] = view;
    }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(dir_), {}));
    }

    // --- ControlPort ---
    std::vector<device::ConnectorInfo> connectors() override {
        std::vector<device::ConnectorInfo> all;
        for (const auto& [name, value] : settings) all.push_back({name, 2, 1});
        return all;
    }
    bool connector_exists(std::string_view connector) override { return settings.contains(connector); }
    bool connector_known(std::string_view connector) override { return connector_exists(connector); }
    std::string default_connector() override { return "local"; }
    config::ConnectorSettings connector_settings(std::string_view connector) override {
        const auto found = settings.find(connector);
        return found == settings.end() ? config::ConnectorSettings{} : found->second;
    }
    device::Failure put_connector_settings(std::string_view connector,
                                           const config::ConnectorSettings& value) override {
        if (auto failure = change("put_connector_settings", connector)) return failure;
        settings.insert_or_assign(std::string(connector), value);
        return std::nullopt;
    }
    device::SlicedWork<std::monostate> thin_out(std::string_view) override {
        return std::make_unique<InTwoSlices<std::monostate>>(std::monostate());
    }
    device::Failure delete_connector(std::string_view connector) override {
        if (!connector_exists(connector)) return unknown();
        settings.erase(settings.find(connector));
        return change("delete_connector", connector);
    }
    // A device's id is its index among the known ones.
    device::SlicedWork<device::IdentitySelection> select_identities(std::string_view connector,
                                                                    const device::IdentityQuery& query) override {
        last_query = query;
        device::IdentitySelection selection;
        std::int64_t place = 0;
        for (const auto& [key, view] : known) {
            ++place;
            if (key.first != connector) continue;
            ++selection.found;
            if (selection.device_ids.size() < query.limit) selection.device_ids.push_back(place);
        }
        return std::make_unique<InTwoSlices<device::IdentitySelection>>(std::move(selection));
    }
    std::vector<device::IdentityView> identity_views(std::string_view,
                                                     std::span<const std::int64_t> device_ids) override {
        std::vector<device::IdentityView> views;
        for (const auto place : device_ids) {
            const auto found = std::next(known.begin(), place - 1);
            views.push_back(with_state(found->first, found->second));
        }
        return views;
    }
    device::SlicedWork<std::vector<std::string>> tag_names(std::string_view) override {
        return std::make_unique<InTwoSlices<std::vector<std::string>>>(std::vector<std::string>{"a", "b"});
    }
    device::SlicedWork<device::Failure> change_identities(std::string_view connector,
                                                          std::vector<device::NamedChange>&& changes,
                                                          device::Unknown unknown_ones) override {
        return std::make_unique<InTwoSlices<device::Failure>>(change_all(connector, changes, unknown_ones));
    }
    std::optional<device::IdentityView> identity(std::string_view connector, std::string_view identity) override {
        const auto found = known.find(key(connector, identity));
        if (found == known.end()) return std::nullopt;
        return with_state(found->first, found->second);
    }
    device::Failure put_identity(std::string_view connector, std::string_view identity,
                                 const device::IdentityChange& changed) override {
        last_change = changed;
        if (auto failure = change("put_identity", identity)) return failure;
        add_identity(std::string(connector), std::string(identity));
        return std::nullopt;
    }
    device::Failure patch_identity(std::string_view connector, std::string_view identity,
                                   const device::IdentityChange& changed) override {
        last_change = changed;
        return known.contains(key(connector, identity)) ? change("patch_identity", identity) : unknown();
    }
    device::Failure delete_identity(std::string_view connector, std::string_view identity) override {
        return known.erase(key(connector, identity)) > 0 ? change("delete_identity", identity) : unknown();
    }
    std::optional<std::vector<device::StateEntry>> state(std::string_view connector,
                                                         std::string_view identity) override {
        if (!known.contains(key(connector, identity))) return std::nullopt;
        return states[key(connector, identity)];
    }
    device::Failure set_state(std::string_view connector, std::string_view identity,
                              const std::vector<device::StateWrite>& writes) override {
        last_writes = writes;
        return known.contains(key(connector, identity)) ? change("set_state", identity) : unknown();
    }
    device::Failure publish(std::string_view connector, std::string_view identity, std::string_view topic,
                            std::string_view payload) override {
        if (!known.contains(key(connector, identity))) return unknown();
        return change("publish " + std::string(topic), payload);
    }
    std::filesystem::path content_dir() override { return dir_; }
    std::string new_content_file() override { return "file" + std::to_string(++files_made_); }
    std::vector<storage::ContentRow> content(std::string_view connector) override {
        std::vector<storage::ContentRow> all;
        for (const auto& [item, row] : items) {
            if (item.first == connector) all.push_back(row);
        }
        return all;
    }
    std::optional<storage::ContentRow> content_item(std::string_view connector, std::string_view id) override {
        const auto found = items.find(key(connector, id));
        if (found == items.end()) return std::nullopt;
        return found->second;
    }
    device::Failure put_content(device::ContentPut&& put) override {
        if (auto failure = change(put.from_device ? "put_content by device" : "put_content", put.row.id))
            return failure;
        items[{put.row.connector, put.row.id}] = put.row;
        return std::nullopt;
    }
    device::Failure delete_content(std::string_view connector, std::string_view id) override {
        return items.erase(key(connector, id)) > 0 ? change("delete_content", id) : unknown();
    }
    device::Activated activate(const device::Activation& request) override {
        last_activation = request;
        return activated;
    }
    std::optional<std::string> authenticate(const device::HttpCredential& credential) override {
        last_credential = credential;
        return authenticated;
    }
    void http_refused(const device::HttpRefusal& refusal) override { refusals.push_back(refusal); }
    std::vector<device::ConnectionView> connections() override { return live; }
    bool close_connection(std::string_view connection_id) override {
        return std::erase_if(live, [&](const auto& one) { return one.connection_id == connection_id; }) > 0;
    }
    std::vector<device::SessionView> sessions() override { return stored; }
    std::vector<storage::JournalBlock> journal_blocks(std::int64_t after, std::uint32_t limit) override {
        std::vector<storage::JournalBlock> found;
        for (const auto& block : blocks_) {
            if (block.last_cursor > after && found.size() < limit) found.push_back(block);
        }
        return found;
    }
    std::optional<storage::JournalBlock> journal_beginning(std::int64_t after) override {
        auto blocks = journal_blocks(after, 1);
        return blocks.empty() ? std::nullopt : std::optional(std::move(blocks.front()));
    }
    std::int64_t newest_cursor() override { return journal_.newest_cursor(); }
    std::uint64_t dropped_events() override { return dropped; }
    std::uint64_t watch_events(std::function<void()> wake) override {
        watches[++watch_] = std::move(wake);
        return watch_;
    }
    void unwatch_events(std::uint64_t watch) override { watches.erase(watch); }
    device::ClockView clock(std::string_view) override { return time; }
    device::Failure change_clock(std::string_view connector, const device::ClockChange& changed) override {
        if (changed.now_us) time.now_us = *changed.now_us;
        if (changed.frozen) time.frozen = *changed.frozen;
        return change("change_clock", connector);
    }
    device::Failure advance_clock(std::string_view connector, std::int64_t by_us) override {
        time.now_us += by_us;
        return change("advance_clock", connector);
    }
    void reset_clock(std::string_view connector) override { change("reset_clock", connector); }
    device::Failure reset(std::string_view connector, std::string_view identity) override {
        return change("reset " + std::string(connector), identity);
    }
    std::vector<device::SnapshotInfo> snapshots() override { return {{"first", 4096, 1'000'000, 2}}; }
    device::SnapshotTask save_snapshot(const std::string& name) override { return task("save_snapshot", name); }
    device::SnapshotTask load_snapshot(const std::string& name) override { return task("load_snapshot", name); }
    device::SnapshotTask import_snapshot(const std::string& name, const std::filesystem::path& uploaded) override {
        std::filesystem::remove(uploaded);
        return task("import_snapshot", name);
    }
    device::Failure delete_snapshot(const std::string& name) override { return change("delete_snapshot", name); }
    std::filesystem::path snapshot_file(const std::string&) override { return {}; }
    std::filesystem::path new_snapshot_upload() override { return dir_ / "upload"; }
    std::string metrics_text() override { return "murano_emulator_up 1\n"; }
    bool ready() override { return is_ready; }
    std::optional<std::string> storage_failure() override { return failing; }

  private:
    device::Failure change_all(std::string_view connector, const std::vector<device::NamedChange>& changes,
                               device::Unknown unknown_ones) {
        if (fails) return std::exchange(fails, std::nullopt);
        for (const auto& one : changes) {
            if (unknown_ones == device::Unknown::refuse && !known.contains(key(connector, one.identity))) {
                return device::ControlError{device::ErrorKind::not_found, "unknown", "$[0]"};
            }
        }
        for (const auto& one : changes) {
            add_identity(std::string(connector), one.identity);
            last_change = one.change;
            calls.push_back("change_identities " + one.identity);
        }
        return std::nullopt;
    }
    device::IdentityView with_state(const Key& key, device::IdentityView view) {
        view.state = states[key];
        return view;
    }
    static Key key(std::string_view a, std::string_view b) { return {std::string(a), std::string(b)}; }
    static device::Failure unknown() { return device::ControlError{device::ErrorKind::not_found, "unknown", {}}; }
    device::SnapshotTask task(std::string call, std::string_view detail) {
        return std::make_shared<device::TaskState>(device::TaskState{true, change(std::move(call), detail)});
    }
    device::Failure change(std::string call, std::string_view detail) {
        if (fails) return std::exchange(fails, std::nullopt);
        calls.push_back(std::move(call) + ' ' + std::string(detail));
        return std::nullopt;
    }

    std::filesystem::path dir_;
    int files_made_ = 0;
    journal::Journal journal_{0};
    std::vector<storage::JournalBlock> blocks_;
    std::uint64_t watch_ = 0;
};

}  // namespace test
