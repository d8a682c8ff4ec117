#pragma once
// Data that is committed in the redo log (redo_log.h) but not yet in the tables. Readers add it to the tables' rows.

#include "storage/block_reference.h"
#include "storage/changes.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace storage {

// A block of the journal whose bytes are here, or in a file.
struct UnsettledBlock {
    JournalBlock block;
    std::optional<BlockReference> reference;
    std::uint64_t size() const { return reference ? reference->size : block.bytes.size(); }
};

// The counter with the newest sequence that the tables have.
inline constexpr std::string_view settled_counter = "redo_sequence";
inline constexpr std::string_view settled_sequence_sql = "SELECT value FROM counters WHERE name = 'redo_sequence'";

// Blocks of the journal grow up to these limits (journal_writer.h).
struct RowLimits {
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
};

// One thread at a time: the one that submits and reads, or the writer while it settles.
class Unsettled {
  public:
    using Key = std::pair<std::int64_t, std::string>;  // device_id, alias
    struct Before {
        using is_transparent = void;
        template <typename Left, typename Right>
        bool operator()(const Left& left, const Right& right) const {
            return left.first != right.first ? left.first < right.first
                                             : std::string_view(left.second) < std::string_view(right.second);
        }
    };
    using Values = std::map<Key, ValueRow, Before>;

    explicit Unsettled(const RowLimits& limits) : limits_(limits) {}

    // The last write of an alias wins. Neighbouring small blocks become one.
    void add(std::uint64_t sequence, std::vector<ValueWrite>&& values, std::vector<UnsettledBlock>&& journal);

    std::uint64_t newest_sequence() const { return sequence_; }
    const Values& values() const { return values_; }
    const std::vector<UnsettledBlock>& journal() const { return journal_; }
    std::uint64_t bytes() const { return bytes_; }  // of memory, about
    std::int64_t newest_cursor() const { return journal_.empty() ? 0 : journal_.back().block.last_cursor; }
    // Of the newest block, where it has its bytes here.
    std::uint64_t growing_bytes() const {
        return journal_.empty() || journal_.back().reference ? 0 : journal_.back().size();
    }

  private:
    void add(ValueWrite&& write);
    void add(UnsettledBlock&& block);

    RowLimits limits_;
    std::uint64_t sequence_ = 0;
    std::uint64_t bytes_ = 0;
    Values values_;
    std::vector<UnsettledBlock> journal_;
};

}  // namespace storage
