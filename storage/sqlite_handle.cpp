#include "storage/sqlite_handle.h"

#include <algorithm>

#include <sqlite3.h>

namespace storage {

namespace {

[[noreturn]] void fail(int code, sqlite3* handle) {
    const char* text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    throw SqliteError(code & 0xff, text);
}

// A view without bytes may have no address, which SQLite would take for NULL.
const char* address(std::string_view bytes) {
    return bytes.data() != nullptr ? bytes.data() : "";
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}
void Connection::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Connection::Connection(const std::filesystem::path& file, const std::string& vfs) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
    handle_.reset(handle);  // it is there after most failures too
    if (code != SQLITE_OK) fail(code, handle);
}

Statement Connection::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code, handle_.get());
    return Statement(statement);
}

Statement& Connection::cached(std::string_view sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    return statements_.emplace(sql, prepare(sql)).first->second;
}

void Connection::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, handle_.get());
}

std::int64_t Connection::integer(std::string_view sql) {
    Statement statement = prepare(sql);
    Query query(statement);
    return query.next() ? query.integer_at(0) : 0;
}

std::string Connection::beginning_of_blob(const char* table, const char* column, std::int64_t row, std::uint64_t most) {
    sqlite3_blob* handle = nullptr;
    int code = sqlite3_blob_open(handle_.get(), "main", table, column, row, 0, &handle);
    const std::unique_ptr<sqlite3_blob, decltype(&sqlite3_blob_close)> blob(handle, sqlite3_blob_close);
    if (code != SQLITE_OK) fail(code, handle_.get());
    const auto whole = static_cast<std::uint64_t>(sqlite3_blob_bytes(blob.get()));
    std::string bytes(static_cast<std::size_t>(std::min(whole, most)), '\0');
    code = sqlite3_blob_read(blob.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
    if (code != SQLITE_OK) fail(code, handle_.get());
    return bytes;
}

int Connection::changes() const {
    return sqlite3_changes(handle_.get());
}

void Connection::roll_back() noexcept {
    if (sqlite3_get_autocommit(handle_.get()) != 0) return;
    // A ROLLBACK that fails leaves the transaction open; the next BEGIN then fails, is reported, and comes here again.
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Query::~Query() {
    sqlite3_reset(handle_);  // repeats the error of the last step, which was thrown
    sqlite3_clear_bindings(handle_);
}

void Query::check(int code) const {
    if (code != SQLITE_OK) fail(code, sqlite3_db_handle(handle_));
}

Query& Query::integer(std::int64_t value) {
    check(sqlite3_bind_int64(handle_, ++parameter_, value));
    return *this;
}

Query& Query::integer(const std::optional<std::int64_t>& value) {
    if (value) return integer(*value);
    check(sqlite3_bind_null(handle_, ++parameter_));
    return *this;
}

Query& Query::text(std::string_view value) {
    check(sqlite3_bind_text64(handle_, ++parameter_, address(value), value.size(), nullptr, SQLITE_UTF8));
    return *this;
}

Query& Query::blob(std::string_view value) {
    check(sqlite3_bind_blob64(handle_, ++parameter_, address(value), value.size(), nullptr));
    return *this;
}

Query& Query::blob(const std::optional<std::string>& value) {
    if (value) return blob(std::string_view(*value));
    check(sqlite3_bind_null(handle_, ++parameter_));
    return *this;
}

Query& Query::value_of(const Statement& other, int column) {
    check(sqlite3_bind_value(handle_, ++parameter_, sqlite3_column_value(other.get(), column)));
    return *this;
}

bool Query::next() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(code, sqlite3_db_handle(handle_));
    return false;
}

void Query::run() {
    while (next()) {
    }
}

std::int64_t Query::integer_at(int column) const {
    return sqlite3_column_int64(handle_, column);
}
bool Query::null_at(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

bool Query::is_integer_at(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_INTEGER;
}

std::filesystem::path Query::database() const {
    const char* name = sqlite3_db_filename(sqlite3_db_handle(handle_), "main");
    return name != nullptr ? name : "";
}

std::string_view Query::bytes_at(int column) const {
    const void* data = sqlite3_column_blob(handle_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    if (data == nullptr && size > 0) throw SqliteError(SQLITE_NOMEM, "out of memory");
    return {static_cast<const char*>(data), size};
}

}  // namespace storage
