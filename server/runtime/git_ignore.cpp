#include "server/runtime/git_ignore.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

namespace runtime {
namespace {

// Names that begin so are the server's own; the database has companions, and a recovery sets aside what was broken.
constexpr std::array<std::string_view, 5> own_names{"murano.db", "certs", "content", "snapshots", "lock"};

bool is_own(const fs::path& path) {
    const auto name = path.filename().string();
    return std::any_of(own_names.begin(), own_names.end(), [&](std::string_view own) { return name.starts_with(own); });
}

}  // namespace

void hide_from_git(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    if (error || !std::all_of(begin(entries), end(entries), [](const auto& entry) { return is_own(entry.path()); })) {
        return;
    }
    const fs::path file = folder / ".gitignore";
    std::ofstream(file) << "# keys and credentials of a murano-emulator\n*\n";
    // Git must read it, whoever's it is, and nobody else change it, whatever the umask.
    using Perms = fs::perms;
    fs::permissions(file, Perms::owner_read | Perms::owner_write | Perms::group_read | Perms::others_read, error);
}

}  // namespace runtime
