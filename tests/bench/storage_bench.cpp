// Measures the store on the disk of the folder given as argument (default: the current one):
//   bench_storage [FOLDER]
// Groups of values with a journal block, lone submissions, and a journal that is at its cap.

#include "storage/storage.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Counts what was committed and lets the submitter wait for it.
class Acknowledged {
  public:
    void add(std::size_t submissions) {
        const std::lock_guard lock(mutex_);
        count_ += submissions;
        changed_.notify_one();
    }
    void wait_for(std::size_t submissions) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return count_ >= submissions; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t count_ = 0;
};

struct Load {
    const char* name;
    int submissions;
    int values_each;
    int events_each;
    int devices;
    int in_flight;  // submissions that wait for their commit
    storage::Durability durability = storage::Durability::normal;
    storage::JournalCaps caps = {};
};

constexpr std::size_t event_bytes = 90;

storage::Submission make_submission(const Load& load, int number) {
    storage::Submission submission;
    submission.sequence = static_cast<std::uint64_t>(number);
    for (int index = 0; index < load.values_each; ++index) {
        storage::ValueWrite write;
        const int turn = number * load.values_each + index;
        write.device_id = 1 + static_cast<int>((static_cast<long>(turn) * 7919L) % load.devices);
        write.row.alias = "temperature";
        write.row.reported = std::to_string(turn) + ".25";
        write.row.timestamp_us = 1'700'000'000'000'000 + turn;
        submission.values.push_back(std::move(write));
    }
    if (load.events_each > 0) {
        auto& block = submission.journal.emplace_back();
        block.first_cursor = 1 + static_cast<std::int64_t>(number) * load.events_each;
        block.last_cursor = block.first_cursor + load.events_each - 1;
        block.events = static_cast<std::uint32_t>(load.events_each);
        block.bytes.assign(event_bytes * static_cast<std::size_t>(load.events_each), 'j');
    }
    return submission;
}

void measure(const Load& load, const std::filesystem::path& folder) {
    const auto file = folder / "bench.db";
    Acknowledged acknowledged;
    double elapsed = 0;
    double stop = 0;
    storage::Store::Statistics statistics;
    {
        auto store = storage::open_store({.file = file, .durability = load.durability, .journal = load.caps});
        store->start([&](std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
            if (!result.ok) std::fprintf(stderr, "failed: %s\n", result.error.c_str());
            acknowledged.add(group.size());
        });
        const auto begin = Clock::now();
        for (int number = 0; number < load.submissions; ++number) {
            if (number >= load.in_flight) acknowledged.wait_for(static_cast<std::size_t>(number - load.in_flight + 1));
            store->submit(make_submission(load, number));
        }
        acknowledged.wait_for(static_cast<std::size_t>(load.submissions));
        elapsed = seconds_since(begin);
        statistics = store->statistics();
        const auto stopping = Clock::now();
        store.reset();
        stop = seconds_since(stopping);
    }
    const double values = static_cast<double>(load.submissions) * load.values_each;
    const double commits = static_cast<double>(std::max<std::uint64_t>(statistics.commits, 1));
    std::printf(
        "%-44s %9.0f values/s %8.0f submissions/s %6.1f per group, commit %7.1f us mean %7.1f ms max, "
        "stop %4.0f ms, file %5.1f MB\n",
        load.name, values / elapsed, load.submissions / elapsed, load.submissions / commits,
        static_cast<double>(statistics.commit_us_sum) / commits, static_cast<double>(statistics.commit_us_max) / 1000.0,
        stop * 1000.0, static_cast<double>(std::filesystem::file_size(file)) / 1e6);
    std::filesystem::remove(file);
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
    using storage::Durability;
    measure({"64 values + block, 200 devices", 10000, 64, 64, 200, 2}, folder);
    measure({"64 values + block, 10000 devices", 10000, 64, 64, 10000, 2}, folder);
    measure({"64 submissions of 1 value + 1 event", 400000, 1, 1, 200, 128}, folder);
    measure({"the same, synchronous=FULL", 200000, 1, 1, 200, 128, Durability::full}, folder);
    measure({"the same, synchronous=OFF", 200000, 1, 1, 200, 128, Durability::off}, folder);
    measure({"lone, 1 value + 1 event", 20000, 1, 1, 200, 1}, folder);
    measure({"lone, synchronous=FULL", 5000, 1, 1, 200, 1, Durability::full}, folder);
    measure({"64 values + block, journal at its cap", 10000, 64, 64, 200, 2, Durability::normal, {100'000, 9'000'000}},
            folder);
    measure({"journal only, 1 event each, 1 M events", 1000000, 0, 1, 1, 128}, folder);
    return 0;
}
