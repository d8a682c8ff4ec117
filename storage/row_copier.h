#pragma once
// Rows from one database into the same table of another, whatever the columns are.

#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace storage {

// Somebody wants the work to stop.
using Cancel = std::atomic<bool>;

class RowCopier {
  public:
    // What becomes of a block of the journal that stands in a file: the reference alone is copied, for a database that
    // keeps the files; or the block comes into the row, and rows whose block cannot be read are left out.
    enum class Blocks : std::uint8_t { referred_to, inlined };

    // Both connections outlive this. `cancel` may be null. Rows that are there already are replaced.
    RowCopier(Connection& from, Connection& to, const Cancel* cancel, Blocks blocks = Blocks::referred_to)
        : from_(from), to_(to), cancel_(cancel), blocks_(blocks) {}

    // All rows that `condition` (SQL, empty: any) holds for; their number. Throws SqliteError, also when cancelled
    // (SQLITE_INTERRUPT).
    std::uint64_t copy(const Table& table, const std::string& condition = {});

    // Asked for each row that is salvaged, while `row` stands on it: whether it may be copied.
    using May = std::function<bool(const Query& row)>;
    // Told of each row that the target refuses, and why.
    using Refused = std::function<void(const Query& row, const std::string& why)>;

    // As many rows as can be read, from the front to the damage and from the back to the damage.
    struct Salvaged {
        std::uint64_t rows = 0;
        bool whole = true;
    };
    Salvaged salvage(const Table& table, const May& may, const Refused& refused);

  private:
    // Throws at damage; what came before it is copied. Gives the number of rows.
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
