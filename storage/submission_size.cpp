#include "storage/submission_size.h"

#include "storage/row_size.h"

namespace storage {

namespace {

constexpr std::size_t kept_journal_capacity = 256 * 1024;

struct TextSize {
    std::size_t operator()(const PutConnector& change) const {
        return change.row.connector.size() + change.row.settings_json.size();
    }
    std::size_t operator()(const DeleteConnector& change) const { return change.connector.size(); }
    std::size_t operator()(const PutIdentity& change) const { return text_size(change.row); }
    std::size_t operator()(const PutSession& change) const { return text_size(change.row); }
    std::size_t operator()(const DeleteSession& change) const { return change.client_id.size(); }
    std::size_t operator()(const PutContent& change) const {
        const ContentRow& row = change.row;
        return row.connector.size() + row.id.size() + row.file.size() + row.mime.size() + row.sha256.size() +
               row.tags_json.size() + row.owner.size();
    }
    std::size_t operator()(const DeleteContent& change) const { return change.connector.size() + change.id.size(); }
    std::size_t operator()(const PutMeta& change) const { return change.key.size() + change.value.size(); }
    std::size_t operator()(const DeleteIdentity&) const { return 0; }
    std::size_t operator()(const DeleteValues&) const { return 0; }
    std::size_t operator()(const DeleteEverything&) const { return 0; }
    std::size_t operator()(const HideEvents& change) const {
        return change.mark.connector.size() + change.mark.identity.size();
    }
    std::size_t operator()(const LoadSnapshot& change) const { return change.staged.native().size(); }
};

}  // namespace

std::uint64_t approximate_size(const Submission& submission) {
    std::size_t size = sizeof submission;
    for (const JournalBlock& block : submission.journal) size += sizeof block + block.bytes.size();
    for (const Change& change : submission.changes) size += sizeof change + std::visit(TextSize{}, change);
    for (const ValueWrite& write : submission.values) size += sizeof write + text_size(write.row);
    return size;
}

void empty_for_reuse(Submission& submission) {
    submission.changes.clear();
    submission.values.clear();
    for (JournalBlock& block : submission.journal) {
        std::string bytes = std::move(block.bytes);
        block = {};
        if (bytes.capacity() > kept_journal_capacity) continue;
        bytes.clear();
        block.bytes = std::move(bytes);
    }
}

}  // namespace storage
