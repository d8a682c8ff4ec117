// Snapshots that are saved, spoilt as a disk or a hand spoils them, imported and loaded.

#include "server/journal/event_codec.h"
#include "storage/snapshot_seal.h"
#include "storage/sqlite_handle.h"
#include "tests/fuzz/targets/net_session/steps.h"
#include "tests/fuzz/targets/require.h"

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace fuzz::session {
namespace {

namespace fs = std::filesystem;

// Columns that may hold something else without the model's rules being others.
constexpr std::array<std::string_view, 16> columns{"sessions SET filters",
                                                   "sessions SET client_id",
                                                   "sessions SET last_disconnect_us",
                                                   "identities SET tags_json",
                                                   "identities SET last_seen_us",
                                                   "identities SET device_id",
                                                   "device_values SET timestamp_us",
                                                   "device_values SET device_id",
                                                   "journal SET bytes",
                                                   "journal SET first_cursor",
                                                   "journal SET last_cursor",
                                                   "journal SET events",
                                                   "journal SET events_before",
                                                   "hidden_events SET last_cursor",
                                                   "counters SET value",
                                                   "meta SET value"};
constexpr std::array<std::string_view, 10> values{"9223372036854775807",
                                                  "(-9223372036854775807 - 1)",
                                                  "4503599627370496",
                                                  "1",
                                                  "0",
                                                  "x''",
                                                  "x'ff'",
                                                  "x'03000000612f62'",
                                                  "'x'",
                                                  "CAST(x'ff00' AS TEXT)"};

std::string name_of(std::size_t which) {
    return std::array{"one", "two", "spoilt"}.at(which);
}

// False: the table itself refuses it.
bool spoil_column(const fs::path& file, Bytes& bytes) {
    const std::atomic<bool> never{false};
    storage::unseal(file, never);
    try {
        storage::Connection connection(file, "");
        connection.execute("DROP TABLE snapshot_format");
        for (std::size_t left = 1 + bytes.below(3); left > 0; --left) {
            const std::string column(bytes.one_of(columns));
            connection.execute("UPDATE " + column + " = " + std::string(bytes.one_of(values)));
        }
    } catch (const storage::SqliteError&) {
        return false;
    }
    return true;
}

void spoil_byte(const fs::path& file, Bytes& bytes) {
    const std::size_t high = bytes.next();
    const auto place = (high << 8U | bytes.next()) * 64 + bytes.next();
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    const auto at = static_cast<std::streamoff>(place % fs::file_size(file));
    stream.seekg(at);
    const int old = stream.get();
    stream.seekp(at);
    stream.put(static_cast<char>(static_cast<std::size_t>(old) ^ (1 + bytes.below(255))));
}

void save(World& world, const std::string& name) {
    world.write_database();
    world.saved()[name] = world.tables();
    world.expect_answer(world.control().save_snapshot(name));
}

void import_spoilt(World& world, const std::string& from, Bytes& bytes) {
    const auto original = world.control().snapshot_file(from);
    if (original.empty()) return;
    const auto upload = world.control().new_snapshot_upload();
    fs::copy_file(original, upload);
    const bool flip = bytes.flag();
    if (flip) {
        spoil_byte(upload, bytes);
    } else if (!spoil_column(upload, bytes)) {
        return;
    }
    const auto task = world.control().import_snapshot(name_of(2), upload);
    world.run_background();
    require(task->done);
    require(!flip || task->failure);  // the checksum finds it
    using Kind = device::ErrorKind;
    require(!task->failure || task->failure->kind == Kind::bad_snapshot || task->failure->kind == Kind::newer_version);
}

void load(World& world, const std::string& name) {
    const auto known = world.saved().find(name);
    const bool there = !world.control().snapshot_file(name).empty();
    world.expect_load(there && known != world.saved().end() ? std::optional(known->second) : std::nullopt);
    world.expect_answer(world.control().load_snapshot(name));
}

}  // namespace

// In the order of a caller who waits for each answer: a load that is not done yet makes the others wait.
void snapshot_step(World& world, Bytes& bytes) {
    const auto what = bytes.below(8);
    const auto name = name_of(bytes.below(2));
    if (world.commits().paused() || !world.commits().idle()) return world.settle();
    if (what < 2) return save(world, name);
    if (what < 5) return import_spoilt(world, name, bytes);
    if (what < 7) return load(world, name);
    load(world, name_of(2));
}

// What a reader is shown rises, and nothing of it is damaged, whatever was reset, dropped or loaded.
void reader_step(World& world, Bytes& bytes) {
    const auto page = static_cast<std::uint32_t>(1 + bytes.below(3));
    std::int64_t after = bytes.flag() ? 0 : world.control().newest_cursor() - bytes.next();
    for (int pages = 0; pages < 100; ++pages) {
        const auto blocks = world.control().journal_blocks(after, page);
        if (blocks.empty()) return;
        for (const auto& block : blocks) {
            require(block.last_cursor > after);
            journal::EventReader reader(block.bytes);
            std::int64_t before = block.first_cursor - 1;
            while (const auto recorded = reader.next()) {
                require(recorded->cursor > before && recorded->cursor <= block.last_cursor);
                before = recorded->cursor;
            }
            require(!reader.damaged());
            after = block.last_cursor;
        }
    }
}

}  // namespace fuzz::session
