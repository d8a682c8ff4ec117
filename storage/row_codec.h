#pragma once
// Turns columns into rows, and encodes the one column that needs its own format.

#include "storage/rows.h"

#include <string>
#include <string_view>
#include <vector>

namespace storage {

class Query;

// Topic filters as one blob: for each, its length in four bytes, low byte first, then its bytes. Filters are any bytes.
std::string encode_filters(const std::vector<std::string>& filters);
// Throws SqliteError (corrupt) for anything that encode_filters() does not produce.
std::vector<std::string> decode_filters(std::string_view blob);

// The columns that the readers below expect, in order.
inline constexpr std::string_view identity_columns =
    "device_id, connector, identity, auth_type, key, expire_us, locked, reprovision, expired, devmode, last_ip, "
    "last_seen_us, tags_json";
inline constexpr std::string_view content_columns =
    "connector, id, file, mime, length, sha256, last_modified_us, tags_json, owner";

IdentityRow read_identity(const Query& query);
ContentRow read_content(const Query& query);
// alias, reported_value, set_value, timestamp_us, newest_report_us, set_timestamp_us, unacknowledged, from `column` on
ValueRow read_value(const Query& query, int column);
// device_id, client_id, filters, connected, last_disconnect_us, from `column` on
SessionRow read_session(const Query& query, int column);
// first_cursor, last_cursor, first_timestamp_us, last_timestamp_us, events, and bytes at `bytes_column`. A block in a
// file is read from there; if that fails, its bytes are empty and readers skip it. Of a block with more than `large`
// bytes only the first `beginning` are read from the file.
JournalBlock read_block(const Query& query, int bytes_column, std::uint64_t large = ~std::uint64_t{0},
                        std::uint64_t beginning = 0);

}  // namespace storage
