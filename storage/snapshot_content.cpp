#include "storage/snapshot_content.h"

#include <fstream>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

constexpr std::size_t piece_bytes = 1024 * 1024;

struct Item {
    std::string connector, id, file;
    std::uint64_t length = 0;
};

std::vector<Item> items_of(Connection& snapshot) {
    std::vector<Item> items;
    Statement select = snapshot.prepare("SELECT connector, id, file, length FROM content ORDER BY connector, id");
    Query query(select);
    while (query.next()) {
        items.push_back({query.string_at(0), query.string_at(1), query.string_at(2),
                         static_cast<std::uint64_t>(query.integer_at(3))});
    }
    return items;
}

void stop_if(const Cancel& cancel) {
    if (cancel) throw SnapshotError(SnapshotError::Kind::cancelled, "The server is stopping.");
}

[[noreturn]] void no_such_bytes(const Item& item) {
    throw SnapshotError(SnapshotError::Kind::io, "The file of content item \"" + item.id + "\" of connector " +
                                                     item.connector + " is not there or not whole.");
}

void pack(Connection& snapshot, const fs::path& file, const Item& item, const Cancel& cancel) {
    std::ifstream in(file, std::ios::binary);
    Statement insert = snapshot.prepare("INSERT INTO snapshot_content(file, piece, bytes) VALUES(?,?,?)");
    std::string piece(piece_bytes, '\0');
    std::uint64_t done = 0;
    for (std::int64_t number = 0; done < item.length; ++number) {
        stop_if(cancel);
        in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), item.length - done)));
        const auto got = static_cast<std::size_t>(in.gcount());
        if (got == 0) no_such_bytes(item);
        Query(insert).text(item.file).integer(number).blob(std::string_view(piece).substr(0, got)).run();
        done += got;
    }
}

// A file of our own making, closed at the end.
class NewFile {
  public:
    explicit NewFile(const fs::path& path)
        : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {}
    ~NewFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    bool write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return descriptor_ >= 0;
    }

  private:
    int descriptor_;
};

void unpack(Connection& snapshot, const fs::path& target, const Item& item, const Cancel& cancel) {
    const NewFile out(target);
    Statement select = snapshot.prepare("SELECT bytes FROM snapshot_content WHERE file = ? ORDER BY piece");
    Query query(select);
    query.text(item.file);
    while (query.next()) {
        stop_if(cancel);
        if (!out.write(query.bytes_at(0))) {
            throw SnapshotError(SnapshotError::Kind::io, "The content folder refuses a file: is the disk full?");
        }
    }
    if (!out.write({})) {
        throw SnapshotError(SnapshotError::Kind::io, "The content folder refuses a new file.");
    }
}

void check_whole(Connection& snapshot, const Item& item) {
    Statement select = snapshot.prepare("SELECT COALESCE(SUM(length(bytes)), 0) FROM snapshot_content WHERE file = ?");
    Query query(select);
    query.text(item.file);
    if (!query.next() || std::cmp_not_equal(query.integer_at(0), item.length)) {
        throw SnapshotError(SnapshotError::Kind::not_a_snapshot, "The bytes of content item \"" + item.id +
                                                                     "\" of connector " + item.connector +
                                                                     " are not in it, or not all of them.");
    }
}

}  // namespace

void pack_content(Connection& snapshot, const fs::path& content_folder, const Cancel& cancel) {
    for (const Item& item : items_of(snapshot)) pack(snapshot, content_folder / item.file, item, cancel);
}

std::vector<std::string> unpack_content(Connection& snapshot, const fs::path& content_folder,
                                        const NewFileName& new_name, const Cancel& cancel) {
    const auto items = items_of(snapshot);
    for (const Item& item : items) check_whole(snapshot, item);
    std::vector<std::string> files;
    if (!new_name) return files;
    Statement rename = snapshot.prepare("UPDATE content SET file = ? WHERE connector = ? AND id = ?");
    try {
        for (const Item& item : items) {
            files.push_back(new_name());
            unpack(snapshot, content_folder / files.back(), item, cancel);
            Query(rename).text(files.back()).text(item.connector).text(item.id).run();
        }
    } catch (...) {
        std::error_code ignored;
        for (const auto& file : files) fs::remove(content_folder / file, ignored);
        throw;
    }
    return files;
}

}  // namespace storage
