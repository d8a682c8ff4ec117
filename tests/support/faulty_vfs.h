#pragma once
// An SQLite VFS over the system's that fails on demand, to test a full or failing disk.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace support {

// Registered while it lives; close every database opened with its name before destroying it. Operations are file opens,
// writes, syncs and truncations. Counting and failing is safe on any thread.
class FaultyVfs {
  public:
    enum class Lasting : std::uint8_t { once, for_good };

    explicit FaultyVfs(std::string name);
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    const std::string& name() const { return name_; }

    // The nth operation from now (1: the next) fails with `code`; with `for_good` all later ones too. A failing write
    // leaves half of its bytes.
    void fail_at(std::uint64_t nth, int code, Lasting lasting = Lasting::once);
    void heal();
    void slow_down(std::chrono::microseconds each) { delay_us_ = each.count(); }  // every operation takes as long
    bool has_failed() const { return failures_ > 0; }                             // since fail_at()
    std::uint64_t operations() const { return operations_; }                      // since fail_at() or heal()

    // Counts one operation; returns its result code.
    int next_operation();

  private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::atomic<std::uint64_t> operations_ = 0;
    std::atomic<std::uint64_t> failures_ = 0;
    std::atomic<std::uint64_t> fail_at_ = 0;  // 0: never
    std::atomic<int> code_ = 0;
    std::atomic<bool> for_good_ = false;
    std::atomic<std::int64_t> delay_us_ = 0;
};

}  // namespace support
