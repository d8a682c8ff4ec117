#include "storage/row_codec.h"

#include "storage/block_files.h"
#include "storage/sqlite_handle.h"

#include <sqlite3.h>

namespace storage {

namespace {

constexpr std::size_t length_bytes = 4;

std::optional<std::string> optional_bytes(const Query& query, int column) {
    if (query.null_at(column)) return std::nullopt;
    return query.string_at(column);
}

std::uint32_t read_length(std::string_view blob) {
    std::uint32_t length = 0;
    for (std::size_t index = 0; index < length_bytes; ++index) {
        length |= static_cast<std::uint32_t>(static_cast<unsigned char>(blob[index])) << (8 * index);
    }
    return length;
}

}  // namespace

std::string encode_filters(const std::vector<std::string>& filters) {
    std::string blob;
    for (const std::string& filter : filters) {
        for (std::size_t index = 0; index < length_bytes; ++index) {
            blob.push_back(static_cast<char>((filter.size() >> (8 * index)) & 0xff));
        }
        blob += filter;
    }
    return blob;
}

std::vector<std::string> decode_filters(std::string_view blob) {
    std::vector<std::string> filters;
    while (!blob.empty()) {
        if (blob.size() < length_bytes || blob.size() - length_bytes < read_length(blob)) {
            throw SqliteError(SQLITE_CORRUPT, "a session's topic filters are damaged");
        }
        filters.emplace_back(blob.substr(length_bytes, read_length(blob)));
        blob.remove_prefix(length_bytes + filters.back().size());
    }
    return filters;
}

IdentityRow read_identity(const Query& query) {
    IdentityRow row;
    row.device_id = query.integer_at(0);
    row.connector = query.string_at(1);
    row.identity = query.string_at(2);
    row.auth_type = query.string_at(3);
    row.key = query.string_at(4);
    if (!query.null_at(5)) row.expire_us = query.integer_at(5);
    row.locked = query.integer_at(6) != 0;
    row.reprovision = query.integer_at(7) != 0;
    row.expired = query.integer_at(8) != 0;
    row.devmode = query.integer_at(9) != 0;
    row.last_ip = query.string_at(10);
    row.last_seen_us = query.integer_at(11);
    row.tags_json = query.string_at(12);
    return row;
}

ContentRow read_content(const Query& query) {
    ContentRow row;
    row.connector = query.string_at(0);
    row.id = query.string_at(1);
    row.file = query.string_at(2);
    row.mime = query.string_at(3);
    row.length = static_cast<std::uint64_t>(query.integer_at(4));
    row.sha256 = query.string_at(5);
    row.last_modified_us = query.integer_at(6);
    row.tags_json = query.string_at(7);
    row.owner = query.string_at(8);
    return row;
}

ValueRow read_value(const Query& query, int column) {
    ValueRow row;
    row.alias = query.string_at(column);
    row.reported = optional_bytes(query, column + 1);
    row.set = optional_bytes(query, column + 2);
    row.timestamp_us = query.integer_at(column + 3);
    row.newest_report_us = query.integer_at(column + 4);
    row.set_timestamp_us = query.integer_at(column + 5);
    row.unacknowledged = query.integer_at(column + 6) != 0;
    return row;
}

SessionRow read_session(const Query& query, int column) {
    SessionRow row;
    row.device_id = query.integer_at(column);
    row.client_id = query.string_at(column + 1);
    row.filters = decode_filters(query.bytes_at(column + 2));
    row.connected = query.integer_at(column + 3) != 0;
    row.last_disconnect_us = query.integer_at(column + 4);
    return row;
}

JournalBlock read_block(const Query& query, int bytes_column, std::uint64_t large, std::uint64_t beginning) {
    JournalBlock block;
    block.first_cursor = query.integer_at(0);
    block.last_cursor = query.integer_at(1);
    block.first_timestamp_us = query.integer_at(2);
    block.last_timestamp_us = query.integer_at(3);
    block.events = static_cast<std::uint32_t>(query.integer_at(4));
    const auto reference = decode_reference(query.bytes_at(bytes_column));
    if (!reference) {
        block.bytes = query.string_at(bytes_column);
        return block;
    }
    const auto most = reference->size > large ? beginning : reference->size;
    block.bytes = read_block_of(query.database(), *reference, most).value_or(std::string());
    if (!block.bytes.empty()) block.cut = reference->size - block.bytes.size();
    return block;
}

}  // namespace storage
