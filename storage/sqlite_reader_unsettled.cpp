// What readers see of the redo log: rows of the tables, and what is not settled on top of them.

#include "storage/block_files.h"
#include "storage/sqlite_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace storage {

namespace {

void put_value(std::vector<ValueRow>& rows, const ValueRow& row) {
    const auto at = std::ranges::lower_bound(rows, row.alias, {}, &ValueRow::alias);
    if (at != rows.end() && at->alias == row.alias) {
        *at = row;
    } else {
        rows.insert(at, row);
    }
}

}  // namespace

// Within a view, in which the tables do not change: either they have all of it, which their counter says, or nothing.
std::shared_ptr<const Unsettled> SqliteReader::not_in_tables() {
    if (!seen_) return nullptr;
    const auto settled = static_cast<std::uint64_t>(connection_->integer(settled_sequence_sql));
    return settled < seen_->newest_sequence() ? seen_ : nullptr;
}

std::vector<ValueRow> SqliteReader::values(std::int64_t device_id) {
    if (views_ == 0 && !unsettled_()) return values_in_table(device_id);
    const View view(*this);
    auto rows = values_in_table(device_id);
    const auto more = not_in_tables();
    if (!more) return rows;
    const auto& values = more->values();
    for (auto at = values.lower_bound(std::pair(device_id, std::string_view())); at != values.end(); ++at) {
        if (at->first.first != device_id) break;
        put_value(rows, at->second);
    }
    return rows;
}

std::vector<JournalBlock> SqliteReader::journal(std::int64_t after, std::uint32_t limit) {
    if (views_ == 0 && !unsettled_()) return blocks_in_table(after, limit);
    const View view(*this);
    auto blocks = blocks_in_table(after, limit);
    const auto more = not_in_tables();
    if (!more) return blocks;
    for (const auto& unsettled : more->journal()) {
        if (blocks.size() >= limit) break;
        if (unsettled.block.last_cursor > after) blocks.push_back(block_of(unsettled));
    }
    return blocks;
}

std::optional<JournalBlock> SqliteReader::journal_beginning(std::int64_t after, std::uint64_t large,
                                                            std::uint64_t beginning) {
    if (views_ == 0 && !unsettled_()) return beginning_in_table(after, large, beginning);
    const View view(*this);
    auto block = beginning_in_table(after, large, beginning);
    const auto more = block ? nullptr : not_in_tables();
    if (!more) return block;
    const auto at = std::ranges::find_if(
        more->journal(), [&](const UnsettledBlock& unsettled) { return unsettled.block.last_cursor > after; });
    if (at != more->journal().end()) block = block_of(*at, large, beginning);
    return block;
}

JournalTotals SqliteReader::journal_totals() {
    if (views_ == 0 && !unsettled_()) return totals_in_table();
    const View view(*this);
    JournalTotals totals = totals_in_table();
    const auto more = not_in_tables();
    if (!more || more->journal().empty()) return totals;
    if (totals.oldest_cursor == 0) totals.oldest_cursor = more->journal().front().block.first_cursor;
    totals.newest_cursor = more->newest_cursor();
    for (const auto& unsettled : more->journal()) {
        totals.events += unsettled.block.events;
        totals.bytes += unsettled.size();
    }
    return totals;
}

JournalBlock SqliteReader::block_of(const UnsettledBlock& unsettled, std::uint64_t large,
                                    std::uint64_t beginning) const {
    JournalBlock block = unsettled.block;
    const auto size = unsettled.size();
    const auto most = std::min(size > large ? beginning : size, size);
    if (unsettled.reference) {
        block.bytes = read_block_of(database_, *unsettled.reference, most).value_or(std::string());
    } else {
        block.bytes.resize(static_cast<std::size_t>(most));
    }
    if (!block.bytes.empty()) block.cut = size - block.bytes.size();
    return block;
}

}  // namespace storage
