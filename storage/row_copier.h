#pragma once
// Copies rows from one database into the same table of another, whatever its columns.

#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace storage {

// True: the work should stop.
using Cancel = std::atomic<bool>;

class RowCopier {
  public:
    // A journal block in a file: only its reference is copied, for a database that keeps the files; or the block is put
    // into the row, and rows whose block cannot be read are left out.
    enum class Blocks : std::uint8_t { referred_to, inlined };

    // Both connections outlive this. `cancel` may be null. Replaces existing rows.
    RowCopier(Connection& from, Connection& to, const Cancel* cancel, Blocks blocks = Blocks::referred_to)
        : from_(from), to_(to), cancel_(cancel), blocks_(blocks) {}

    // Copies all rows that match `condition` (SQL; empty: all), and returns their number. Throws SqliteError, also when
    // cancelled (SQLITE_INTERRUPT).
    std::uint64_t copy(const Table& table, const std::string& condition = {});

    // Called for each row to be salvaged, with `row` at it. True: it may be copied.
    using May = std::function<bool(const Query& row)>;
    // Called for each row that the target refuses, with the reason.
    using Refused = std::function<void(const Query& row, const std::string& why)>;

    // Copies as many rows as can be read: from the front to the damage, and from the back to the damage.
    struct Salvaged {
        std::uint64_t rows = 0;
        bool whole = true;
    };
    Salvaged salvage(const Table& table, const May& may, const Refused& refused);

  private:
    // Throws at damage; rows before it are copied. Returns the number of rows.
    std::uint64_t copy_in_order(const Table& table, const std::string& rest, const May& may, const Refused& refused);
    bool salvage_in_order(const Table& table, std::string_view order, const May& may, const Refused& refused);
    Statement insert_into(const Table& table, int columns);
    bool read_block(const Table& table, const Query& source, std::string& block) const;

    Connection& from_;
    Connection& to_;
    const Cancel* cancel_;
    Blocks blocks_;
};

}  // namespace storage
