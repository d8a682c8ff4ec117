#pragma once
// The folder that everything is kept in: made, locked against a second server, and for --ephemeral removed at the end.

#include <filesystem>
#include <string>

class DataFolder {
  public:
    // Opens or makes it. Throws std::runtime_error with a sentence for the user, also where another server has it.
    static DataFolder open(const std::filesystem::path& path);
    // A fresh temporary folder; those that killed servers left behind are removed first.
    static DataFolder ephemeral();

    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;
    ~DataFolder();

    std::filesystem::path database() const { return path_ / "murano.db"; }
    std::filesystem::path certificates() const { return path_ / "certs"; }
    std::filesystem::path content() const { return path_ / "content"; }
    std::filesystem::path snapshots() const { return path_ / "snapshots"; }
    const std::filesystem::path& path() const { return path_; }

  private:
    DataFolder(std::filesystem::path path, bool temporary);
    void make_folders();

    std::filesystem::path path_;
    int lock_ = -1;  // file descriptor
    bool temporary_ = false;
};
