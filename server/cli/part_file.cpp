#include "server/cli/part_file.h"

#include "config/readable_file.h"

#include <cerrno>
#include <sstream>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace fs = std::filesystem;

namespace cli {

void require_readable(const std::string& file) {
    if (const auto why = config::why_not_readable(file); !why.empty()) throw CommandFailed(file + " " + why);
}

std::string text_of_file(const std::string& file) {
    require_readable(file);
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

PartFile::PartFile(fs::path path, Access access) : path_(std::move(path)), part_(path_) {
    part_ += ".part" + std::to_string(::getpid());
    errno = 0;
    file_.open(part_, std::ios::binary | std::ios::trunc);
    const int opening = errno;
    std::error_code ignored;  // a file system without modes
    if (access == Access::secret) fs::permissions(part_, fs::perms::owner_read | fs::perms::owner_write, ignored);
    if (!file_) throw CommandFailed("cannot write " + path_.string() + ": " + config::system_reason(opening));
}

PartFile::~PartFile() {
    std::error_code ignored;
    if (!kept_) fs::remove(part_, ignored);
}

void PartFile::keep() {
    errno = 0;
    file_.close();
    std::error_code error(errno, std::generic_category());
    if (file_) fs::rename(part_, path_, error);
    if (!file_ || error) {
        throw CommandFailed("cannot write " + path_.string() + ": " + config::system_reason(error.value()));
    }
    kept_ = true;
}

}  // namespace cli
