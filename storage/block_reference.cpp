#include "storage/block_reference.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace storage {
namespace {

constexpr std::string_view beginning{"\0\0\0\0", 4};
constexpr std::size_t size_digits = 16;
constexpr std::size_t place_digits = 19;
constexpr std::size_t checksum_digits = 20;
static_assert(reference_bytes == beginning.size() + size_digits + 2 * place_digits + checksum_digits);
constexpr std::uint64_t most_size = 9'999'999'999'999'999;
constexpr std::uint64_t most_place = 9'223'372'036'854'775'807;

void append_digits(std::string& to, std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    to.append(width - digits.size(), '0').append(digits);
}

// Takes `width` digits from the front of `from`; nothing: there are none, or the number is greater than `most`.
std::optional<std::uint64_t> take_digits(std::string_view& from, std::size_t width, std::uint64_t most) {
    std::uint64_t number = 0;
    const char* end = from.data() + width;
    const auto [at, error] = std::from_chars(from.data(), end, number);
    if (error != std::errc() || at != end || number > most) return std::nullopt;
    from.remove_prefix(width);
    return number;
}

constexpr std::size_t lanes = 4;
constexpr std::size_t word_bytes = 8;

// One to one for each lane and each word: a word that changed is never lost.
std::uint64_t mixed(std::uint64_t lane, std::uint64_t word) {
    return std::rotl((lane ^ word) * 0x9E37'79B9'7F4A'7C15U, 29);
}

std::uint64_t word_at(const char* bytes, std::size_t size = word_bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, size);
    return word;
}

}  // namespace

std::string encode_reference(const BlockReference& reference) {
    std::string bytes(beginning);
    append_digits(bytes, reference.size, size_digits);
    append_digits(bytes, static_cast<std::uint64_t>(reference.file), place_digits);
    append_digits(bytes, reference.offset, place_digits);
    append_digits(bytes, reference.checksum, checksum_digits);
    return bytes;
}

std::optional<BlockReference> decode_reference(std::string_view bytes) {
    if (bytes.size() != reference_bytes || !bytes.starts_with(beginning)) return std::nullopt;
    bytes.remove_prefix(beginning.size());
    const auto size = take_digits(bytes, size_digits, most_size);
    const auto file = size ? take_digits(bytes, place_digits, most_place) : std::nullopt;
    const auto offset = file ? take_digits(bytes, place_digits, most_place) : std::nullopt;
    const auto checksum = offset ? take_digits(bytes, checksum_digits, ~std::uint64_t{0}) : std::nullopt;
    if (!checksum) return std::nullopt;
    return BlockReference{static_cast<std::int64_t>(*file), *offset, *size, *checksum};
}

std::uint64_t block_checksum(std::string_view bytes) {
    std::array<std::uint64_t, lanes> sums{1, 2, 3, 4};
    std::uint64_t sum = bytes.size();
    while (bytes.size() >= lanes * word_bytes) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] = mixed(sums[lane], word_at(bytes.data() + lane * word_bytes));
        bytes.remove_prefix(lanes * word_bytes);
    }
    for (const std::uint64_t lane : sums) sum = mixed(sum, lane);
    for (; bytes.size() >= word_bytes; bytes.remove_prefix(word_bytes)) sum = mixed(sum, word_at(bytes.data()));
    return mixed(mixed(sum, word_at(bytes.data(), bytes.size())), 0);
}

}  // namespace storage
