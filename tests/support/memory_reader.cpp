// The reading side of MemoryStore.

#include "tests/support/memory_store.h"

#include <algorithm>

namespace test {
namespace {

class MemoryReader final : public storage::Reader {
  public:
    explicit MemoryReader(const Tables& tables) : tables_(tables) {}

    std::int64_t max_device_id() override { return tables_.max_device_id; }
    std::vector<storage::ConnectorRow> connectors() override {
        std::vector<storage::ConnectorRow> rows;
        for (const auto& [id, settings] : tables_.connectors) rows.push_back({id, settings});
        return rows;
    }
    std::vector<storage::IdentityCounts> identity_counts() override {
        std::map<std::string, std::uint64_t> counts;
        for (const auto& [id, row] : tables_.identities) ++counts[row.connector];
        std::vector<storage::IdentityCounts> rows;
        for (const auto& [connector, count] : counts) rows.push_back({connector, count});
        return rows;
    }
    std::optional<storage::IdentityRow> identity(std::string_view connector, std::string_view identity) override {
        const auto* row = tables_.find(connector, identity);
        return row != nullptr ? std::optional(*row) : std::nullopt;
    }
    std::optional<storage::IdentityRow> identity_by_token(std::string_view connector, std::string_view token) override {
        return first([&](const auto& row) {
            return row.connector == connector && row.auth_type == "token" && row.key == token;
        });
    }
    std::optional<storage::IdentityRow> identity_by_token_beginning(std::string_view connector,
                                                                    std::string_view beginning) override {
        return first([&](const auto& row) {
            return row.connector == connector && row.auth_type == "token" && row.key.starts_with(beginning);
        });
    }
    std::optional<storage::IdentityRow> identity_of_device(std::int64_t device_id) override {
        return first([&](const auto& row) { return row.device_id == device_id; });
    }
    void each_identity(std::string_view connector, std::string_view after, const EachIdentity& each) override {
        for (const auto& [name, row] : by_name(connector)) {
            const storage::IdentityGlance glance{
                row.device_id,    row.identity, row.tags_json,
                row.last_seen_us, row.locked,   row.reprovision,
                row.expired,      row.devmode,  !row.auth_type.empty() && !row.key.empty()};
            if (name > after && !each(glance)) return;
        }
    }
    void each_last_seen(std::string_view connector, std::string_view after, const EachIdentity& each) override {
        each_identity(connector, after, each);
    }
    std::vector<storage::IdentityRow> identities_to_expire(std::int64_t now_us) override {
        std::vector<storage::IdentityRow> rows;
        for (const auto& [id, row] : tables_.identities) {
            const bool waits = row.auth_type.empty() && !row.expired && !row.reprovision;
            if (waits && row.expire_us && *row.expire_us <= now_us) rows.push_back(row);
        }
        return rows;
    }
    std::vector<storage::ValueRow> values(std::int64_t device_id) override {
        return of_device(tables_.values, device_id);
    }
    std::vector<storage::SessionRow> sessions(std::int64_t device_id) override {
        return of_device(tables_.sessions, device_id);
    }
    std::vector<OwnedSession> all_sessions(std::uint32_t limit) override {
        std::vector<OwnedSession> owned;
        for (const auto& [key, session] : tables_.sessions) {
            const auto owner = tables_.identities.find(key.first);
            if (owner == tables_.identities.end() || owned.size() >= limit) continue;
            owned.push_back({owner->second.connector, owner->second.identity, session});
        }
        return owned;
    }
    std::vector<storage::ContentRow> content(std::string_view connector) override {
        std::vector<storage::ContentRow> rows;
        for (const auto& [key, row] : tables_.content) {
            if (key.first == connector) rows.push_back(row);
        }
        return rows;
    }
    std::optional<storage::ContentRow> content_item(std::string_view connector, std::string_view id) override {
        const auto found = tables_.content.find({std::string(connector), std::string(id)});
        return found != tables_.content.end() ? std::optional(found->second) : std::nullopt;
    }
    std::vector<storage::JournalBlock> journal(std::int64_t after, std::uint32_t limit) override {
        std::vector<storage::JournalBlock> blocks;
        for (const auto& block : tables_.journal) {
            if (block.last_cursor > after && blocks.size() < limit) blocks.push_back(block);
        }
        return blocks;
    }
    std::optional<storage::JournalBlock> journal_beginning(std::int64_t after, std::uint64_t large,
                                                           std::uint64_t beginning) override {
        auto blocks = journal(after, 1);
        if (blocks.empty()) return std::nullopt;
        auto& block = blocks.front();
        const std::uint64_t size = block.bytes.size();
        if (size > large) block.bytes.resize(static_cast<std::size_t>(std::min(size, beginning)));
        block.cut = size - block.bytes.size();
        return std::move(block);
    }
    storage::JournalTotals journal_totals() override {
        storage::JournalTotals totals;
        for (const auto& block : tables_.journal) {
            if (block.events == 0) continue;
            if (totals.oldest_cursor == 0) totals.oldest_cursor = block.first_cursor;
            totals.newest_cursor = block.last_cursor;
            totals.events += block.events;
            totals.bytes += block.bytes.size();
        }
        totals.newest_cursor = tables_.newest_cursor();
        return totals;
    }
    std::vector<storage::HiddenMark> hidden_events() override { return tables_.hidden; }
    std::optional<std::string> meta(std::string_view key) override {
        const auto found = tables_.meta.find(key);
        return found != tables_.meta.end() ? std::optional(found->second) : std::nullopt;
    }

  private:
    std::map<std::string, storage::IdentityRow> by_name(std::string_view connector) const {
        std::map<std::string, storage::IdentityRow> sorted;
        for (const auto& [id, row] : tables_.identities) {
            if (row.connector == connector) sorted[row.identity] = row;
        }
        return sorted;
    }
    template <typename Wanted>
    std::optional<storage::IdentityRow> first(Wanted wanted) const {
        for (const auto& [id, row] : tables_.identities) {
            if (wanted(row)) return row;
        }
        return std::nullopt;
    }
    template <typename Row>
    static std::vector<Row> of_device(const Tables::ByDevice<Row>& rows, std::int64_t device_id) {
        std::vector<Row> found;
        for (auto at = rows.lower_bound({device_id, ""}); at != rows.end() && at->first.first == device_id; ++at) {
            found.push_back(at->second);
        }
        return found;
    }

    const Tables& tables_;
};

}  // namespace

std::unique_ptr<storage::Reader> MemoryStore::open_reader() {
    return std::make_unique<MemoryReader>(tables_);
}

}  // namespace test
