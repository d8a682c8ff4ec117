// Snapshots as the control side sees them.

#include "server/control/control_service.h"
#include "server/control/fault_calls.h"

namespace device {

std::vector<SnapshotInfo> ControlService::snapshots() {
    return parts_.snapshots.list();
}

SnapshotTask ControlService::save_snapshot(const std::string& name) {
    if (parts_.context.faults != nullptr) parts_.context.faults->keep_for_snapshot();
    return parts_.snapshots.save(name);
}

SnapshotTask ControlService::load_snapshot(const std::string& name) {
    return parts_.snapshots.load(name);
}

SnapshotTask ControlService::import_snapshot(const std::string& name, const std::filesystem::path& uploaded) {
    return parts_.snapshots.import(name, uploaded);
}

Failure ControlService::delete_snapshot(const std::string& name) {
    return parts_.snapshots.remove(name);
}

std::filesystem::path ControlService::snapshot_file(const std::string& name) {
    return parts_.snapshots.file(name);
}

std::filesystem::path ControlService::new_snapshot_upload() {
    return parts_.snapshots.new_scratch_file();
}

}  // namespace device
