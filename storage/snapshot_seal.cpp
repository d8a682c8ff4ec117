#include "storage/snapshot_seal.h"

#include "storage/checksum.h"
#include "storage/snapshot.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

namespace storage {
namespace {

using Kind = SnapshotError::Kind;

constexpr std::string_view beginning = "murano-emulator snapshot CRC-64 ";
constexpr std::size_t digits = 16;
constexpr std::size_t line_bytes = beginning.size() + digits + 1;
constexpr std::size_t piece_bytes = 1024 * 1024;

std::string line_of(std::uint64_t checksum) {
    std::string hex(digits, '0');
    for (auto at = hex.rbegin(); at != hex.rend(); ++at, checksum >>= 4U) *at = "0123456789abcdef"[checksum & 15U];
    return std::string(beginning) + hex + "\n";
}

std::uint64_t checksum_of(std::ifstream& in, std::uint64_t length, const Cancel& cancel) {
    Checksum checksum;
    std::string piece(piece_bytes, '\0');
    while (length > 0) {
        if (cancel) throw SnapshotError(Kind::cancelled, "The server is stopping.");
        in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), length)));
        const auto got = static_cast<std::uint64_t>(in.gcount());
        if (got == 0) throw SnapshotError(Kind::io, "The snapshot cannot be read.");
        checksum.add(std::string_view(piece).substr(0, got));
        length -= got;
    }
    return checksum.value();
}

std::string last_line(std::ifstream& in, std::uint64_t length) {
    if (length < line_bytes) return {};
    std::string line(line_bytes, '\0');
    in.seekg(static_cast<std::streamoff>(length - line_bytes));
    in.read(line.data(), static_cast<std::streamsize>(line.size()));
    in.seekg(0);
    return line;
}

}  // namespace

void seal(const fs::path& snapshot, const Cancel& cancel) {
    std::ifstream in(snapshot, std::ios::binary);
    const auto line = line_of(checksum_of(in, fs::file_size(snapshot), cancel));
    std::ofstream out(snapshot, std::ios::binary | std::ios::app);
    out << line << std::flush;
    if (!out) throw SnapshotError(Kind::io, "The snapshot could not be written: is the disk full?");
}

bool unseal(const fs::path& snapshot, const Cancel& cancel) {
    std::ifstream in(snapshot, std::ios::binary);
    const auto length = fs::file_size(snapshot);
    const auto line = last_line(in, length);
    if (!line.starts_with(beginning)) return false;
    if (line != line_of(checksum_of(in, length - line_bytes, cancel))) {
        throw SnapshotError(Kind::not_a_snapshot,
                            "It was damaged or changed after it was saved: its checksum does not match its content. "
                            "Save or export it again.");
    }
    fs::resize_file(snapshot, length - line_bytes);
    return true;
}

}  // namespace storage
