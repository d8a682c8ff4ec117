#include "server/control/content_files.h"

#include <utility>

namespace device {

std::string ContentFiles::new_name() {
    return context_.random.text(32, "abcdefghijklmnopqrstuvwxyz0123456789");
}

void ContentFiles::remove_after_commit(std::vector<std::string> files) {
    if (files.empty()) return;
    context_.commits.touch();
    context_.commits.when_committed([this, files = std::move(files)](bool ok) {
        if (ok) remove(files);  // else the rows stand
    });
}

void ContentFiles::remove(const std::vector<std::string>& files) {
    if (holds_ > 0) {
        waiting_.insert(waiting_.end(), files.begin(), files.end());
        return;
    }
    std::error_code ignored;  // a file left behind costs room only, and the start sweeps it away
    for (const auto& file : files) std::filesystem::remove(folder_ / file, ignored);
}

void ContentFiles::release() {
    if (--holds_ == 0) remove(std::exchange(waiting_, {}));
}

}  // namespace device
