#pragma once
// Writes a content item to the disk piece by piece, hashes it meanwhile, and removes it unless it is kept. Memory does
// not grow with the file.

#include "server/api/base/error.h"
#include "server/control/content_port.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace api {

class ContentFile {
  public:
    // Creates a file in the content folder. `most`: its maximum size in bytes. `durable`: close() waits for the disk.
    ContentFile(device::ContentPort& content, std::uint64_t most, bool durable);
    ~ContentFile();
    ContentFile(const ContentFile&) = delete;
    ContentFile& operator=(const ContentFile&) = delete;

    // 413 over the limit, 507 where the disk refuses.
    std::optional<Error> write(std::string_view bytes);
    // Closes the file. Afterwards file(), length() and sha256() stand.
    std::optional<Error> close();
    // The file now belongs to an item: it is not removed any more.
    void keep() { kept_ = true; }

    const std::string& file() const { return file_; }  // name inside content_dir()
    std::uint64_t length() const { return length_; }
    const std::string& sha256() const { return sha256_; }  // lower-case hex

  private:
    struct Digest;

    std::optional<Error> disk_error();

    std::string file_;
    std::filesystem::path path_;
    std::uint64_t most_;
    bool durable_;
    bool kept_ = false;
    int descriptor_ = -1;
    std::uint64_t length_ = 0;
    std::string sha256_;
    std::unique_ptr<Digest> digest_;
};

}  // namespace api
