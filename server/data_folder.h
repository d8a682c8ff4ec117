#pragma once
// The data folder: created, locked against a second server, and with --ephemeral removed at the end.

#include <filesystem>
#include <string>

class DataFolder {
  public:
    // Opens or creates it. Throws std::runtime_error with a sentence for the user, also if another server uses it.
    static DataFolder open(const std::filesystem::path& path);
    // A new temporary folder; removes those left by killed servers first.
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
