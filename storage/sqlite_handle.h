#pragma once
// SQLite's C handles as values that close themselves. A Connection and everything prepared on it: one thread at a time.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace storage {

// Any failure of SQLite. what() is SQLite's own text.
class SqliteError : public std::runtime_error {
  public:
    SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
    int code() const { return code_; }  // primary result code, SQLITE_FULL for one

  private:
    int code_;
};

// A prepared statement; used through Query. Must not outlive its Connection.
class Statement {
  public:
    Statement() = default;
    sqlite3_stmt* get() const { return handle_.get(); }

  private:
    friend class Connection;
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const;
    };
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// An open database.
class Connection {
  public:
    // Opens an existing or empty file for reading and writing. `vfs` empty: the default.
    Connection(const std::filesystem::path& file, const std::string& vfs);

    Statement prepare(std::string_view sql);
    // Prepared at first use and kept; `sql` is the key and must outlive the connection, as a literal does.
    Statement& cached(std::string_view sql);
    void execute(const std::string& sql);        // any number of statements, results ignored
    std::int64_t integer(std::string_view sql);  // the first column of the first row; 0: no row
    // The first `most` bytes of a blob, without reading the rest. Throws if there is no such row.
    std::string beginning_of_blob(const char* table, const char* column, std::int64_t row, std::uint64_t most);
    int changes() const;        // rows of the last INSERT, UPDATE or DELETE
    void roll_back() noexcept;  // unless SQLite has done so itself after an error
    sqlite3* get() const { return handle_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::map<std::string_view, Statement> statements_;  // after handle_: finalized before it closes
};

// One run of a statement: binds parameters in order, steps, reads columns, and resets it at the end. Bound bytes are
// not copied: they must live until the Query ends. Bytes may contain NULs.
class Query {
  public:
    explicit Query(Statement& statement) : handle_(statement.get()) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    Query& integer(std::int64_t value);
    Query& integer(const std::optional<std::int64_t>& value);
    Query& text(std::string_view value);
    Query& blob(std::string_view value);
    Query& blob(const std::optional<std::string>& value);

    Query& value_of(const Statement& other, int column);  // of the current row of `other`, any type

    bool next();  // true: there is a row
    void run();   // to the end

    // Columns of the row, from 0. Views are valid until the next step.
    std::int64_t integer_at(int column) const;
    bool null_at(int column) const;
    bool is_integer_at(int column) const;
    std::string_view bytes_at(int column) const;  // of TEXT or BLOB; empty for NULL
    std::string string_at(int column) const { return std::string(bytes_at(column)); }

    std::filesystem::path database() const;  // its file; empty for one in memory

  private:
    void check(int code) const;

    sqlite3_stmt* handle_;
    int parameter_ = 0;
};

}  // namespace storage
