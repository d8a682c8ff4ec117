#pragma once
// Named copies of everything stored, as files in the data folder. Saving and checking run beside the loop; a load swaps
// the data in one commit, during which nothing may read it: see CommitQueue::pause().

#include "server/control/content_files.h"
#include "server/control/snapshot_port.h"
#include "server/device/expiry.h"
#include "server/device/lifecycle.h"
#include "server/journal/hidden_events.h"
#include "storage/row_rules.h"
#include "storage/snapshot.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace device {

// Letters, digits, ".", "_" and "-", at most 64, a letter or digit first: a file name on any system, never a path,
// never hidden and never a flag of a command.
bool is_snapshot_name(std::string_view name);

// Loop thread only.
class Snapshots {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        Sessions& sessions;
        Lifecycle& lifecycle;
        Expiry& expiry;
        ContentFiles& files;
        journal::HiddenEvents& hidden;
    };
    explicit Snapshots(const Parts& parts);

    // Called when a task has ended.
    void tell(std::function<void()> done) { told_ = std::move(done); }

    std::vector<SnapshotInfo> list() const;
    SnapshotTask save(const std::string& name);
    SnapshotTask load(const std::string& name);
    SnapshotTask import(const std::string& name, const std::filesystem::path& uploaded);
    Failure remove(const std::string& name);
    std::filesystem::path file(const std::string& name) const;  // empty: no such snapshot
    std::filesystem::path new_scratch_file();                   // removed at the next start at the latest

    // At the start, before any device: waits until the file is read, not for the commit. Throws storage::SnapshotError.
    SnapshotTask load_file(const std::filesystem::path& file);

    void committed(bool ok);
    void read_hidden_events();  // from the store
    void begin_again();         // drops what is in memory; the store's content is valid. Links must have ended

  private:
    using Task = std::shared_ptr<TaskState>;
    struct Load {
        Task task;
        storage::Staged staged;
        std::vector<std::string> old_files;  // of content items
        std::uint64_t gate = 0;              // the commit that swaps
    };

    std::filesystem::path path_of(const std::string& name) const;
    storage::NewFileName content_namer();
    using Then = std::function<void(const Task& task, Failure failure)>;
    // `work` runs on the helper thread and may throw; then `then` on the loop.
    SnapshotTask run(const std::function<void()>& work, const Then& then);
    void swap_in(Load&& load);
    bool world_is_new();  // false: the new data cannot be read
    void finish(const Task& task, Failure failure);

    Parts parts_;
    std::shared_ptr<const storage::RowRules> rules_;
    std::function<void()> told_ = [] {};
    std::optional<Load> loading_;
    std::vector<Load> waiting_;  // until the current swap is done
};

}  // namespace device
