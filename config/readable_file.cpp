#include "config/readable_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <unistd.h>

namespace config {

std::string why_not_readable(const std::string& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status) && error.value() != EACCES) return "does not exist";
    if (std::filesystem::is_directory(status)) return "is a folder, not a file";
    errno = 0;
    if (!std::ifstream(file, std::ios::binary)) return "cannot be read: " + system_reason(errno);
    return std::filesystem::is_regular_file(status) ? "" : "is not a regular file";
}

std::string system_reason(int error) {
    std::string reason = std::generic_category().message(error);
    if (error != EACCES && error != EPERM) return reason;
    return reason + " (this process runs as uid " + std::to_string(::geteuid()) + ")";
}

}  // namespace config
