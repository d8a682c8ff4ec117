#include "server/cli/progress_bar.h"

#include "server/cli/text_table.h"

#include <algorithm>
#include <ostream>

#include <unistd.h>

namespace cli {
namespace {

constexpr std::chrono::milliseconds between{100};
constexpr std::chrono::milliseconds quick{300};
constexpr std::uint64_t bar_width = 24;

}  // namespace

ProgressBar::ProgressBar(std::ostream& out, const std::string& name, bool shown)
    : out_(out), name_(shortened(printable(name), 24)), shown_(shown), next_(Clock::now() + quick) {}

ProgressBar::~ProgressBar() {
    if (drawn_) out_ << "\r\x1b[K" << std::flush;
}

void ProgressBar::at(std::uint64_t done) {
    if (!shown_) return;
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + between;
    drawn_ = true;
    out_ << "\r\x1b[K" << progress_line(name_, done, total_) << std::flush;
}

std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t total) {
    if (total == 0) return name + "  " + size_text(done);
    const auto part = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    const auto filled = static_cast<std::uint64_t>(part * static_cast<double>(bar_width));
    const auto percent = std::to_string(static_cast<int>(part * 100));
    return name + " [" + std::string(filled, '#') + std::string(bar_width - filled, '-') + "] " +
           std::string(3 - percent.size(), ' ') + percent + " %  " + size_text(done) + " of " + size_text(total);
}

bool on_terminal() {
    return ::isatty(STDERR_FILENO) == 1;
}

}  // namespace cli
