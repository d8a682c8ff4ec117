#pragma once
// Reader on its own connection: in WAL mode it sees the last commit, and neither waits for the writer nor delays it.

#include "storage/sqlite_handle.h"
#include "storage/storage.h"

#include <memory>

namespace storage {

class SqliteReader final : public Reader {
  public:
    explicit SqliteReader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

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
    JournalTotals totals_when_empty();

    std::unique_ptr<Connection> connection_;
    int views_ = 0;
};

}  // namespace storage
