#pragma once
// Values of one commit group: only the last write of each alias reaches the table.

#include "storage/changes.h"
#include "storage/sqlite_handle.h"

#include <cstdint>
#include <vector>

namespace storage {

// Writer thread only, within a transaction. Added values must live until flush() or discard().
class ValueWriter {
  public:
    explicit ValueWriter(Connection& connection);

    void add(const ValueWrite& write);
    void flush();                                           // throws SqliteError
    void discard() noexcept;                                // after a rollback
    void put(std::int64_t device_id, const ValueRow& row);  // at once; throws SqliteError

  private:
    struct Pending {
        const ValueWrite* write = nullptr;
        std::size_t order = 0;
    };
    static bool before(const Pending& left, const Pending& right);
    static bool same_key(const Pending& left, const Pending& right);

    Statement put_;
    std::vector<Pending> pending_;
};

}  // namespace storage
