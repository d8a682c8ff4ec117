#include "server/cli/event_pages.h"

#include "config/readable_file.h"

#include <cerrno>
#include <chrono>
#include <ostream>

namespace cli {
namespace {

constexpr int wait_ms = 20'000;
constexpr std::chrono::milliseconds patience{wait_ms + 20'000};

}  // namespace

std::string events_query(const Run& run, std::initializer_list<std::string_view> options) {
    std::string query = "/_emulator/v1/events?";
    for (const auto option : options) {
        if (run.options.has(option))
            query.append(option.substr(2)).append("=").append(percent_encode(run.options.value(option))).append("&");
    }
    return query;
}

void each_page(const Run& run, const std::string& query, const ShowPage& show) {
    const bool follow = run.options.has("--follow");
    auto cursor = run.options.has("--since") ? run.options.value("--since") : "0";
    for (bool caught_up = false;;) {
        auto target = query + "after=" + percent_encode(cursor);
        if (caught_up) target += "&wait=" + std::to_string(wait_ms);
        const auto page = parse_answer(run.api.get(target, patience));
        const auto* found = page.find("events");
        const auto events = found == nullptr ? std::span<const config::JsonNode>() : std::span(found->items);
        caught_up = events.empty();
        if (!show(events, page) || (caught_up && !follow)) return;
        cursor = text_of(page, "next");
    }
}

EventOutput::EventOutput(const Run& run) : name_(run.options.value("--output")), stream_(&run.out) {
    if (!run.options.has("--output")) return;
    if (name_.empty()) throw UsageError("--output needs the name of a file");
    if (!run.options.has("--follow")) {
        complete_ = std::make_unique<PartFile>(name_, PartFile::Access::usual);
        stream_ = &complete_->stream();
        return;
    }
    errno = 0;
    growing_.open(name_, std::ios::binary | std::ios::trunc);
    if (!growing_) throw CommandFailed("cannot write " + name_ + ": " + config::system_reason(errno));
    stream_ = &growing_;
}

bool EventOutput::flush() {
    return static_cast<bool>(stream_->flush());
}

void EventOutput::keep() {
    if (complete_) return complete_->keep();
    if (!name_.empty() && !flush()) throw CommandFailed("cannot write " + name_ + ": is the disk full?");
}

}  // namespace cli
