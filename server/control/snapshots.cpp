#include "server/control/snapshots.h"

#include "server/control/fault_calls.h"
#include "server/control/kept_rows.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fs = std::filesystem;

namespace device {
namespace {

constexpr std::string_view suffix = ".snapshot";
constexpr std::string_view scratch_folder = "tmp";
constexpr std::size_t longest_name = 64;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What an earlier version took as a name: such files can be loaded, exported and removed.
bool may_be_a_file(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
    });
}

ControlError bad_name() {
    return {ErrorKind::bad_name,
            "A snapshot's name has 1 to 64 letters, digits, dots, underscores and hyphens, and begins with a letter or "
            "digit.",
            "name"};
}

ControlError unknown(const std::string& name) {
    return {ErrorKind::not_found, "There is no snapshot \"" + name + "\".", {}};
}

ControlError failure_of(const storage::SnapshotError& error) {
    switch (error.kind()) {
        case storage::SnapshotError::Kind::not_a_snapshot:
            return {ErrorKind::bad_snapshot, error.what(), {}};
        case storage::SnapshotError::Kind::newer_version:
            return {ErrorKind::newer_version, error.what(), {}};
        case storage::SnapshotError::Kind::cancelled:
            return {ErrorKind::stopping, error.what(), {}};
        case storage::SnapshotError::Kind::io:
            break;
    }
    return {ErrorKind::storage, error.what(), {}};
}

SnapshotTask failed(ControlError error) {
    return std::make_shared<TaskState>(TaskState{true, std::move(error)});
}

std::int64_t modified_us(const fs::path& file) {
    std::error_code ignored;
    const auto at = std::chrono::file_clock::to_sys(fs::last_write_time(file, ignored));
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

}  // namespace

bool is_snapshot_name(std::string_view name) {
    return may_be_a_file(name) && is_letter_or_digit(name.front());
}

Snapshots::Snapshots(const Parts& parts) : parts_(parts), rules_(parts.context.database.rules) {
    if (!rules_) {
        rules_ = std::make_shared<const storage::RowRules>(
            rules_of_kept_rows(parts_.context.options.connector_defaults, parts_.context.certificates));
    }
    const auto scratch = parts_.context.folders.snapshots / scratch_folder;
    std::error_code ignored;  // using it tells
    fs::remove_all(scratch, ignored);
    fs::create_directories(scratch, ignored);
    for (const auto& folder : {parts_.context.folders.snapshots, scratch}) {
        fs::permissions(folder, fs::perms::owner_all, ignored);  // credentials
    }
}

fs::path Snapshots::path_of(const std::string& name) const {
    return parts_.context.folders.snapshots / (name + std::string(suffix));
}

fs::path Snapshots::file(const std::string& name) const {
    std::error_code ignored;
    if (!may_be_a_file(name) || !fs::is_regular_file(path_of(name), ignored)) return {};
    return path_of(name);
}

fs::path Snapshots::new_scratch_file() {
    return parts_.context.folders.snapshots / scratch_folder / parts_.files.new_name();
}

std::vector<SnapshotInfo> Snapshots::list() const {
    std::vector<SnapshotInfo> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parts_.context.folders.snapshots, ignored)) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(suffix) || !entry.is_regular_file(ignored)) continue;
        all.push_back({name.substr(0, name.size() - suffix.size()), entry.file_size(ignored), modified_us(entry.path()),
                       storage::snapshot_version(entry.path())});
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return all;
}

SnapshotTask Snapshots::run(const std::function<void()>& work, const Then& then) {
    auto task = std::make_shared<TaskState>();
    auto failure = std::make_shared<Failure>();
    const auto guarded = [work, failure] {
        try {
            work();
        } catch (const storage::SnapshotError& error) {
            *failure = failure_of(error);
        } catch (const fs::filesystem_error& error) {  // what() names paths of this machine
            *failure =
                ControlError{ErrorKind::storage, "The data folder refuses it: " + error.code().message() + ".", {}};
        } catch (const std::exception& error) {
            *failure = ControlError{ErrorKind::storage, error.what(), {}};
        }
    };
    parts_.context.background(guarded, [task, failure, then] { then(task, std::move(*failure)); });
    return task;
}

void Snapshots::finish(const Task& task, Failure failure) {
    task->done = true;
    task->failure = std::move(failure);
    told_();
}

SnapshotTask Snapshots::save(const std::string& name) {
    if (!is_snapshot_name(name)) return failed(bad_name());
    const auto& context = parts_.context;
    parts_.files.hold();  // what the rows of the moment name must stay until it is copied
    const auto work = [part = new_scratch_file(), target = path_of(name), database = context.database,
                       content = context.folders.content, &commits = context.commits, &stopping = context.stopping] {
        commits.settle();  // it reads the database's file
        storage::save_snapshot(database, content, part, stopping);
        fs::rename(part, target);
    };
    return run(work, [this](const Task& task, Failure failure) {
        parts_.files.release();
        finish(task, std::move(failure));
    });
}

// New names without the loop's source of randomness, which is of one thread.
storage::NewFileName Snapshots::content_namer() {
    return [prefix = parts_.files.new_name(), number = std::make_shared<int>(0)] {
        return prefix + std::to_string(++*number);
    };
}

SnapshotTask Snapshots::load(const std::string& name) {
    if (!may_be_a_file(name)) return failed(bad_name());
    const auto from = file(name);
    if (from.empty()) return failed(unknown(name));
    const auto& context = parts_.context;
    auto staged = std::make_shared<storage::Staged>();
    const auto work = [staged, from, to = new_scratch_file(), content = context.folders.content,
                       namer = content_namer(), rules = rules_, &stopping = context.stopping] {
        *staged = storage::stage_snapshot(from, to, content, namer, *rules, stopping);
    };
    return run(work, [this, staged](const Task& task, Failure failure) {
        if (failure) {
            finish(task, std::move(failure));
        } else {
            swap_in({task, std::move(*staged), {}, 0});
        }
    });
}

SnapshotTask Snapshots::import(const std::string& name, const fs::path& uploaded) {
    const auto work = [uploaded, target = path_of(name), scratch = new_scratch_file(), rules = rules_,
                       &stopping = parts_.context.stopping] {
        try {
            storage::check_snapshot(uploaded, scratch, *rules, stopping);
        } catch (...) {
            std::error_code ignored;
            fs::remove(uploaded, ignored);
            throw;
        }
        fs::rename(uploaded, target);
    };
    return run(work, [this](const Task& task, Failure failure) { finish(task, std::move(failure)); });
}

Failure Snapshots::remove(const std::string& name) {
    if (!may_be_a_file(name)) return bad_name();
    std::error_code error;
    if (fs::remove(path_of(name), error)) return std::nullopt;
    if (!error) return unknown(name);
    return ControlError{ErrorKind::storage, "The file cannot be removed: " + error.message() + ".", {}};
}

SnapshotTask Snapshots::load_file(const fs::path& from) {
    auto staged = storage::stage_snapshot(from, new_scratch_file(), parts_.context.folders.content, content_namer(),
                                          *rules_, parts_.context.stopping);
    auto task = std::make_shared<TaskState>();
    swap_in({task, std::move(staged), {}, 0});
    return task;
}

// From here to the commit nobody reads or writes: what memory and store say belongs to two worlds.
void Snapshots::swap_in(Load&& load) {
    if (loading_) {
        waiting_.push_back(std::move(load));
        return;
    }
    auto& context = parts_.context;
    context.commits.pause();
    context.commits.forget_open_events(load.staged.newest_cursor);
    for (const auto& [id, connector] : parts_.table.connectors()) {
        const auto now = context.clock.now(id);
        while (!connector->links.empty()) {
            parts_.lifecycle.close(**connector->links.begin(), CloseReason::snapshot, now);
        }
        for (auto& row : context.reader.content(id)) load.old_files.push_back(std::move(row.file));
    }
    context.commits.drop_all_values();
    context.commits.change(storage::LoadSnapshot{load.staged.database});
    load.gate = context.commits.gate();
    loading_ = std::move(load);
}

void Snapshots::committed(bool ok) {
    if (!loading_ || parts_.context.commits.committed() < loading_->gate) return;
    const auto load = std::move(*std::exchange(loading_, std::nullopt));
    std::error_code ignored;
    fs::remove(load.staged.database, ignored);
    Failure failure;
    if (!ok) {
        failure = {ErrorKind::storage, "The store could not take the snapshot; its log says why.", {}};
    } else if (!world_is_new()) {
        failure = {ErrorKind::unreadable, "The snapshot is loaded, and cannot be read; the log says why.", {}};
    }
    // Whatever came of it: the others must not wait for ever.
    parts_.context.commits.go_on();
    parts_.files.remove_after_commit(ok ? load.old_files : load.staged.content_files);
    finish(load.task, std::move(failure));
    if (waiting_.empty()) return;
    auto next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    swap_in(std::move(next));
}

void Snapshots::begin_again() {
    auto& context = parts_.context;
    parts_.table.forget_all();
    read_hidden_events();
    const auto clock = context.reader.meta(clock_key);
    if (!clock || !context.clock.restore(*clock)) context.clock.reset();
}

bool Snapshots::world_is_new() {
    try {
        parts_.table.forget_packet_ids();
        begin_again();
        parts_.sessions.end_lost(parts_.table);  // who was connected when it was saved
        parts_.expiry.run();
        if (parts_.context.faults != nullptr) parts_.context.faults->take_from_snapshot();
        parts_.context.log.info("a snapshot was loaded");
        return true;
    } catch (const std::exception& error) {
        parts_.context.log.error("a snapshot was loaded and cannot be read: restart with --recover",
                                 {{"error", error.what()}});
        return false;
    }
}

void Snapshots::read_hidden_events() {
    parts_.hidden.clear();
    for (const auto& mark : parts_.context.reader.hidden_events()) {
        parts_.hidden.hide(mark.connector, mark.identity, mark.last_cursor);
    }
    // A mark may be newer than all events that are kept: events of a commit that failed had these cursors.
    parts_.context.commits.continue_above(parts_.hidden.none_behind());
}

}  // namespace device
