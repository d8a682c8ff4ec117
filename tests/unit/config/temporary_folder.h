#pragma once
// A folder for the files of one test, removed at its end.

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <stdlib.h>

class TemporaryFolder {
  public:
    TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "murano-config-XXXXXX").string()) {
        if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

    // Returns the whole path.
    std::string write(std::string_view name, std::string_view text) const {
        const std::string file = path_ + "/" + std::string(name);
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }

  private:
    std::string path_;
};
