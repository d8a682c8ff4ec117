#pragma once
// Removes content files without a row: after the commit, and never while a snapshot is being saved, which may still
// contain the row.

#include "server/core/context.h"

#include <filesystem>
#include <string>
#include <vector>

namespace device {

// Loop thread only.
class ContentFiles {
  public:
    ContentFiles(Context& context, std::filesystem::path folder) : context_(context), folder_(std::move(folder)) {}

    const std::filesystem::path& folder() const { return folder_; }
    std::string new_name();
    // Names in the folder. Waits for all changes so far, which may include the deletion of their rows.
    void remove_after_commit(std::vector<std::string> files);
    void hold() { ++holds_; }
    void release();

  private:
    void remove(const std::vector<std::string>& files);

    Context& context_;
    std::filesystem::path folder_;
    std::vector<std::string> waiting_;
    unsigned holds_ = 0;
};

}  // namespace device
