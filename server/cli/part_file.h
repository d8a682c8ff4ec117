#pragma once
// Files of commands: reading them with clear errors, and writing one that appears under its name only when complete.

#include "server/cli/api_client.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace cli {

// Throws CommandFailed with the reason.
void require_readable(const std::string& file);
// The whole file. Throws CommandFailed with the reason.
std::string text_of_file(const std::string& file);

class PartFile {
  public:
    // usual: readable by others; secret: not. Throws CommandFailed.
    enum class Access : unsigned char { usual, secret };
    PartFile(std::filesystem::path path, Access access);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    std::ostream& stream() { return file_; }
    void keep();  // throws CommandFailed

  private:
    std::filesystem::path path_, part_;
    std::ofstream file_;
    bool kept_ = false;
};

}  // namespace cli
