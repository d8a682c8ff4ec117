#pragma once
// Files of content items that no row names any more: removed after the commit, and not while a snapshot is saved, which
// may still have the row.

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
    // Names in the folder. What is changed until now may be what takes their rows away.
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
