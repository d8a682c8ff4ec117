#pragma once
// Rows from one database into the same table of another, whatever the columns are.

#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace storage {

// Somebody wants the work to stop.
using Cancel = std::atomic<bool>;

class RowCopier {
  public:
    // Both connections outlive this. `cancel` may be null. Rows that are there already are replaced.
    RowCopier(Connection& from, Connection& to, const Cancel* cancel) : from_(from), to_(to), cancel_(cancel) {}

    // All rows that `condition` (SQL, empty: any) holds for; their number. Throws SqliteError, also when cancelled
    // (SQLITE_INTERRUPT).
    std::uint64_t copy(const Table& table, const std::string& condition = {});

    // As many rows as can be read, from the front to the damage and from the back to the damage.
    struct Salvaged {
        std::uint64_t rows = 0;
        bool whole = true;
    };
    Salvaged salvage(const Table& table);

  private:
    // Throws at damage; `rows` then holds what came before it.
    void copy_in_order(const Table& table, const std::string& rest, std::uint64_t& rows);
    Statement insert_into(const Table& table, int columns);
    bool put(Query& row) const;

    Connection& from_;
    Connection& to_;
    const Cancel* cancel_;
    bool lenient_ = false;
};

}  // namespace storage
