#include "server/cli/part_file.h"

#include <utility>

#include <unistd.h>

namespace fs = std::filesystem;

namespace cli {

PartFile::PartFile(fs::path path, Access access) : path_(std::move(path)), part_(path_) {
    part_ += ".part" + std::to_string(::getpid());
    file_.open(part_, std::ios::binary | std::ios::trunc);
    std::error_code ignored;  // a file system without modes
    if (access == Access::secret) fs::permissions(part_, fs::perms::owner_read | fs::perms::owner_write, ignored);
    if (!file_) throw CommandFailed("cannot write " + part_.string());
}

PartFile::~PartFile() {
    std::error_code ignored;
    if (!kept_) fs::remove(part_, ignored);
}

void PartFile::keep() {
    file_.close();
    std::error_code error;
    if (file_) fs::rename(part_, path_, error);
    if (!file_ || error) throw CommandFailed("cannot write " + path_.string());
    kept_ = true;
}

}  // namespace cli
