// What the world has on a disk for snapshots, and what must hold of them.

#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"
#include "tests/support/memory_snapshot.h"

#include <algorithm>
#include <array>
#include <utility>

#include <unistd.h>

namespace fuzz::session {
namespace {

// One for all inputs of this process.
class Folder {
  public:
    Folder() : path_(std::filesystem::temp_directory_path() / ("murano-fuzz-" + std::to_string(::getpid()))) {
        for (const auto* name : {"content", "snapshots"}) std::filesystem::create_directories(path_ / name);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

bool same_sessions(const test::Tables& left, const test::Tables& right) {
    return std::equal(left.sessions.begin(), left.sessions.end(), right.sessions.begin(), right.sessions.end());
}

}  // namespace

const std::filesystem::path& World::folder() const {
    static const Folder folder;
    return folder.path();
}

void World::run_background() {
    while (!ended_work_.empty()) {
        const auto then = std::move(ended_work_.front());
        ended_work_.pop_front();
        judge_.note_endings();
        judge_.begin();
        then();
        judge_.note_endings();
        if (commits().paused()) doubt_everything();  // a load
    }
}

void World::write_database() {
    test::write_database(tables(), folder() / "store.db");
}

void World::expect_answer(device::SnapshotTask task) {
    tasks_.push_back(std::move(task));
}

void World::doubt_everything() {
    if (std::exchange(sure_, false)) foreseen_ = model_;
    all_touched_ = true;
}

// Exactly what was saved; cursors and ids alone go on from the higher ones.
void World::check_load(const test::Tables& loaded) {
    const auto expected = std::exchange(expected_load_, std::nullopt);
    if (!expected) return;
    require(loaded.connectors == expected->connectors && loaded.identities == expected->identities);
    require(loaded.values == expected->values && same_sessions(loaded, *expected));
    require(loaded.max_device_id >= expected->max_device_id && loaded.newest_cursor() >= expected->newest_cursor());
}

// Nobody waits for ever: with nothing left to do every call has its answer.
void World::check_answers() {
    for (const auto& task : tasks_) {
        require(task->done);
        using Kind = device::ErrorKind;
        constexpr std::array may_be{Kind::bad_name, Kind::bad_snapshot, Kind::not_found, Kind::newer_version,
                                    Kind::storage};
        require(!task->failure || std::count(may_be.begin(), may_be.end(), task->failure->kind) == 1);
    }
    tasks_.clear();
}

}  // namespace fuzz::session
