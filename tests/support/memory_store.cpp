#include "tests/support/memory_store.h"

#include "storage/submission_size.h"
#include "tests/support/memory_snapshot.h"

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace test {
namespace {

constexpr std::ptrdiff_t most_blocks = 20;  // the journal's cap

// Applies one change; false: it breaks a rule of the schema.
class Changer {
  public:
    explicit Changer(Tables& tables) : tables_(tables) {}

    bool operator()(const storage::PutConnector& change) {
        tables_.connectors[change.row.connector] = change.row.settings_json;
        return true;
    }
    bool operator()(const storage::DeleteConnector& change) {
        std::erase_if(tables_.identities, [&](const auto& entry) {
            const bool goes = entry.second.connector == change.connector;
            if (goes) forget(entry.first);
            return goes;
        });
        std::erase_if(tables_.content, [&](const auto& entry) { return entry.first.first == change.connector; });
        tables_.connectors.erase(change.connector);
        return true;
    }
    bool operator()(const storage::PutIdentity& change) {
        const auto& row = change.row;
        const auto* other = tables_.find(row.connector, row.identity);
        if (other != nullptr && other->device_id != row.device_id) return false;  // UNIQUE
        tables_.identities[row.device_id] = row;
        note(row.device_id);
        return true;
    }
    bool operator()(const storage::DeleteIdentity& change) {
        forget(change.device_id);
        tables_.identities.erase(change.device_id);
        return true;
    }
    bool operator()(const storage::PutSession& change) {
        tables_.sessions[{change.row.device_id, change.row.client_id}] = change.row;
        note(change.row.device_id);
        return true;
    }
    bool operator()(const storage::DeleteSession& change) {
        tables_.sessions.erase({change.device_id, change.client_id});
        return true;
    }
    bool operator()(const storage::DeleteValues& change) {
        std::erase_if(tables_.values, [&](const auto& entry) { return entry.first.first == change.device_id; });
        return true;
    }
    bool operator()(const storage::PutContent& change) {
        tables_.content[{change.row.connector, change.row.id}] = change.row;
        return true;
    }
    bool operator()(const storage::DeleteContent& change) {
        tables_.content.erase({change.connector, change.id});
        return true;
    }
    bool operator()(const storage::PutMeta& change) {
        tables_.meta[change.key] = change.value;
        return true;
    }
    bool operator()(const storage::DeleteEverything&) {
        tables_.connectors.clear();
        tables_.identities.clear();
        tables_.values.clear();
        tables_.sessions.clear();
        tables_.content.clear();
        return true;
    }
    bool operator()(const storage::HideEvents& change) {
        std::erase_if(tables_.hidden, [&](const auto& mark) {
            return (change.mark.connector.empty() || mark.connector == change.mark.connector) &&
                   (change.mark.identity.empty() || mark.identity == change.mark.identity);
        });
        tables_.hidden.push_back(change.mark);
        return true;
    }
    bool operator()(const storage::LoadSnapshot& change) {
        load_staged(tables_, change.staged);
        return true;
    }

    void note(std::int64_t device_id) { tables_.max_device_id = std::max(tables_.max_device_id, device_id); }

  private:
    void forget(std::int64_t device_id) {
        const auto of_device = [&](const auto& entry) { return entry.first.first == device_id; };
        std::erase_if(tables_.values, of_device);
        std::erase_if(tables_.sessions, of_device);
    }

    Tables& tables_;
};

}  // namespace

const storage::IdentityRow* Tables::find(std::string_view connector, std::string_view identity) const {
    for (const auto& [id, row] : identities) {
        if (row.connector == connector && row.identity == identity) return &row;
    }
    return nullptr;
}

std::int64_t Tables::newest_cursor() const {
    return std::max(last_cursor, journal.empty() ? 0 : journal.back().last_cursor);
}

bool Tables::apply(const storage::Submission& submission) {
    Changer changer(*this);
    for (const auto& change : submission.changes) {
        if (!std::visit(changer, change)) return false;
    }
    for (const auto& write : submission.values) {
        values[{write.device_id, write.row.alias}] = write.row;
        changer.note(write.device_id);
    }
    journal.insert(journal.end(), submission.journal.begin(), submission.journal.end());
    if (std::ssize(journal) > most_blocks) journal.erase(journal.begin(), journal.end() - most_blocks);
    return true;
}

void MemoryStore::submit(storage::Submission&& submission) {
    told_(submission.sequence);
    waiting_.push_back(std::move(submission));
}

void MemoryStore::lose_waiting() {
    waiting_.clear();
    failure_.reset();
}

std::pair<MemoryStore::Group, storage::CommitResult> MemoryStore::commit(std::size_t most, bool ok) {
    Group group;
    while (!waiting_.empty() && group.size() < most) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    storage::CommitResult result{.ok = ok, .error = ok ? "" : "disk full", .commit_us = 1};
    if (failure_) result = {.ok = false, .error = *failure_};
    Tables changed = result.ok ? tables_ : Tables{};
    for (const auto& submission : group) {
        if (result.ok && !changed.apply(submission)) result = {.ok = false, .error = "constraint failed"};
    }
    if (result.ok) {
        tables_ = std::move(changed);
        for (const auto& submission : group) {
            for (const auto& change : submission.changes) {
                if (std::holds_alternative<storage::LoadSnapshot>(change)) load_told_(tables_);
            }
            for (const auto& block : submission.journal) journal_told_(block);
        }
    }
    if (!result.ok) failure_ = result.error;
    for (auto& submission : group) storage::empty_for_reuse(submission);
    return {std::move(group), result};
}

}  // namespace test
