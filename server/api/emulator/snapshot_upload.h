#pragma once
// A body that becomes a snapshot: written to a file, then checked, then stored under its name.

#include "server/api/base/request.h"
#include "server/api/base/services.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace api {

class SnapshotUpload : public BodySink {
  public:
    SnapshotUpload(Services& services, std::string name);
    ~SnapshotUpload() override;
    SnapshotUpload(const SnapshotUpload&) = delete;
    SnapshotUpload& operator=(const SnapshotUpload&) = delete;

    std::optional<Error> write(std::string_view bytes) override;
    Outcome finish() override;

  private:
    Services& services_;
    std::string name_;
    std::filesystem::path file_;
    int descriptor_;
    bool handed_over_ = false;
};

// The answer once the task is done: `status` without a body, or its error.
Outcome when_done(device::SnapshotTask task, unsigned status);

}  // namespace api
