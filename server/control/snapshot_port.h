#pragma once
// Snapshots: named copies of everything stored; snapshots.h has the rules for names.
// A part of ControlPort, which has the rules for threads and errors.

#include "server/core/control_error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace device {

struct SnapshotInfo {
    std::string name;
    std::uint64_t bytes = 0;
    std::int64_t saved_us = 0;  // real time
    int version = 0;            // of the database in it
};

// The state of a helper thread's task. A waiting caller looks again when watch_events() wakes it.
struct TaskState {
    bool done = false;
    Failure failure;
};
using SnapshotTask = std::shared_ptr<const TaskState>;

class SnapshotPort {
  public:
    virtual ~SnapshotPort() = default;

    virtual std::vector<SnapshotInfo> snapshots() = 0;                // sorted by name
    virtual SnapshotTask save_snapshot(const std::string& name) = 0;  // replaces one with that name
    virtual SnapshotTask load_snapshot(const std::string& name) = 0;  // closes all connections of devices
    // Takes over the file, also on failure.
    virtual SnapshotTask import_snapshot(const std::string& name, const std::filesystem::path& uploaded) = 0;
    virtual Failure delete_snapshot(const std::string& name) = 0;
    virtual std::filesystem::path snapshot_file(const std::string& name) = 0;  // empty: no such snapshot
    virtual std::filesystem::path new_snapshot_upload() = 0;                   // a fresh file name to upload into
};

}  // namespace device
