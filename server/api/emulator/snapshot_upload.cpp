#include "server/api/emulator/snapshot_upload.h"

#include "server/api/base/answers.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace api {
namespace {

constexpr std::int64_t longest_task_ms = 24LL * 60 * 60 * 1000;

Error disk_error() {
    return {507, "storage", "the data folder refuses the file: " + std::system_category().message(errno), {}};
}

}  // namespace

Outcome when_done(device::SnapshotTask task, unsigned status) {
    auto poll = [task = std::move(task), status](bool last) -> net::Polled {
        if (task->done) {
            return task->failure ? error_response(Family::emulator, *task->failure) : empty_response(status);
        }
        if (!last) return net::NotYet::waits;
        return error_response(Family::emulator, {504, "timeout", "the server is still at it", {}});
    };
    return net::LongPoll{std::move(poll), longest_task_ms};
}

SnapshotUpload::SnapshotUpload(Services& services, std::string name)
    : services_(services),
      name_(std::move(name)),
      file_(services.snapshots.new_snapshot_upload()),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {}

SnapshotUpload::~SnapshotUpload() {
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code ignored;
    if (!handed_over_) std::filesystem::remove(file_, ignored);
}

std::optional<Error> SnapshotUpload::write(std::string_view bytes) {
    if (descriptor_ < 0) return disk_error();
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return disk_error();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return std::nullopt;
}

Outcome SnapshotUpload::finish() {
    if (descriptor_ < 0 || ::close(std::exchange(descriptor_, -1)) != 0) return disk_error();
    handed_over_ = true;
    return when_done(services_.snapshots.import_snapshot(name_, file_), 204);
}

}  // namespace api
