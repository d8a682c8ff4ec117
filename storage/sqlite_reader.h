#pragma once
// Reader on its own connection: in WAL mode it sees the last commit, and neither waits for the writer nor delays it. It
// adds to the rows what is committed in the redo log only.

#include "storage/sqlite_handle.h"
#include "storage/storage.h"
#include "storage/unsettled.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

namespace storage {

class SqliteReader final : public Reader {
  public:
    using UnsettledNow = std::function<std::shared_ptr<const Unsettled>()>;

    SqliteReader(std::unique_ptr<Connection> connection, std::filesystem::path database, UnsettledNow unsettled)
        : connection_(std::move(connection)), database_(std::move(database)), unsettled_(std::move(unsettled)) {}

    std::int64_t max_device_id() override;
    std::vector<ConnectorRow> connectors() override;
    std::vector<IdentityCounts> identity_counts() override;
    std::optional<IdentityRow> identity(std::string_view connector, std::string_view identity) override;
    std::optional<IdentityRow> identity_by_token(std::string_view connector, std::string_view token) override;
    std::optional<IdentityRow> identity_by_token_beginning(std::string_view connector,
                                                           std::string_view beginning) override;
    std::optional<IdentityRow> identity_of_device(std::int64_t device_id) override;
    void each_identity(std::string_view connector, std::string_view after, const EachIdentity& each) override;
    void each_last_seen(std::string_view connector, std::string_view after, const EachIdentity& each) override;
    std::vector<IdentityRow> identities_to_expire(std::int64_t now_us) override;
    std::vector<ValueRow> values(std::int64_t device_id) override;
    std::vector<SessionRow> sessions(std::int64_t device_id) override;
    std::vector<OwnedSession> all_sessions(std::uint32_t limit) override;
    std::vector<ContentRow> content(std::string_view connector) override;
    std::optional<ContentRow> content_item(std::string_view connector, std::string_view id) override;
    std::vector<JournalBlock> journal(std::int64_t after, std::uint32_t limit) override;
    std::optional<JournalBlock> journal_beginning(std::int64_t after, std::uint64_t large,
                                                  std::uint64_t beginning) override;
    JournalTotals journal_totals() override;
    std::vector<HiddenMark> hidden_events() override;
    std::optional<std::string> meta(std::string_view key) override;

  private:
    void begin_view() override;
    void end_view() noexcept override;
    Statement& select(std::string_view sql) { return connection_->cached(sql); }
    std::shared_ptr<const Unsettled> not_in_tables();
    std::vector<ValueRow> values_in_table(std::int64_t device_id);
    std::vector<JournalBlock> blocks_in_table(std::int64_t after, std::uint32_t limit);
    std::optional<JournalBlock> beginning_in_table(std::int64_t after, std::uint64_t large, std::uint64_t beginning);
    JournalTotals totals_in_table();
    JournalTotals totals_when_empty();
    JournalBlock block_of(const UnsettledBlock& block, std::uint64_t large = ~std::uint64_t{0},
                          std::uint64_t beginning = 0) const;

    std::unique_ptr<Connection> connection_;
    std::filesystem::path database_;
    UnsettledNow unsettled_;
    std::shared_ptr<const Unsettled> seen_;  // of the view: no newer one
    int views_ = 0;
};

}  // namespace storage
