#include "server/http/multipart.h"

#include "server/http/head.h"

#include <algorithm>

namespace net {

namespace {

constexpr std::size_t max_boundary = 70;  // RFC 2046

// A parameter of a header value, quoted or not: name="x", filename=x. Backslash escapes only quotes and backslashes.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    auto at = header.find(';');
    while (at != std::string_view::npos) {
        std::string_view rest = header.substr(at + 1);
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const bool wanted = equals_ignoring_case(trimmed(rest.substr(0, equals)), name);
        std::size_t i = equals + 1;
        std::string value;
        if (i < rest.size() && rest[i] == '"') {
            for (++i; i < rest.size() && rest[i] != '"'; ++i) {
                if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
                value += rest[i];
            }
        } else {
            const auto end = std::min(rest.find(';', i), rest.size());
            value = trimmed(rest.substr(i, end - i));
            i = end;
        }
        if (wanted) return value;
        const auto next = rest.find(';', i);
        at = next == std::string_view::npos ? next : at + 1 + next;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!equals_ignoring_case(type, "multipart/form-data")) return std::nullopt;
    auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > max_boundary) return std::nullopt;
    return boundary;
}

MultipartReader::MultipartReader(std::string_view boundary, MultipartLimits limits)
    : limits_(limits), delimiter_("\r\n--") {
    delimiter_ += boundary;
    buffer_ = "\r\n";  // so that the first delimiter looks like every other
}

void MultipartReader::feed(std::string_view bytes) {
    if (phase_ != Phase::ended && phase_ != Phase::failed) buffer_ += bytes;
}

std::optional<MultipartEvent> MultipartReader::fail(std::string message) {
    phase_ = Phase::failed;
    buffer_.clear();
    return MultipartError{std::move(message)};
}

// Whether what ends at `end` (npos: its mark of `mark_bytes` is not there yet) has more than `most` bytes. The answer
// is the same however the bytes were cut.
bool MultipartReader::beyond(std::size_t end, std::size_t most, std::size_t mark_bytes) const {
    return end != std::string::npos ? end > most : buffer_.size() >= most + mark_bytes;
}

std::optional<MultipartEvent> MultipartReader::next() {
    switch (phase_) {
        case Phase::preamble:
            return read_preamble();
        case Phase::delimiter:
            return read_delimiter();
        case Phase::headers:
            return read_headers();
        case Phase::field:
            return read_field();
        case Phase::file:
            return read_file();
        case Phase::ended:
        case Phase::failed:
            break;
    }
    return std::nullopt;
}

std::optional<MultipartEvent> MultipartReader::read_preamble() {
    const auto at = buffer_.find(delimiter_);
    if (beyond(at, limits_.part_header_bytes, delimiter_.size())) {
        return fail("no part begins with the announced boundary");
    }
    if (at == std::string::npos) return std::nullopt;
    buffer_.erase(0, at + delimiter_.size());
    phase_ = Phase::delimiter;
    return read_delimiter();
}

// Behind "--boundary": "--" ends the form, a line end begins a part.
std::optional<MultipartEvent> MultipartReader::read_delimiter() {
    if (buffer_.size() < 2) return std::nullopt;
    if (buffer_.starts_with("--")) {
        phase_ = Phase::ended;
        buffer_.clear();
        return MultipartEnd{};
    }
    const auto line_end = buffer_.find("\r\n");
    const bool too_long = beyond(line_end, limits_.part_header_bytes, 2);
    if (line_end == std::string::npos && !too_long) return std::nullopt;
    const std::string_view padding = std::string_view(buffer_).substr(0, line_end);
    if (too_long || !trimmed(padding).empty()) return fail("a boundary line is malformed");
    if (++parts_ > limits_.parts) return fail("too many parts");
    buffer_.erase(0, line_end);  // the line end stays: an empty header block is then "\r\n\r\n" too
    phase_ = Phase::headers;
    return read_headers();
}

std::optional<MultipartEvent> MultipartReader::read_headers() {
    const auto end = buffer_.find("\r\n\r\n");
    if (beyond(end, limits_.part_header_bytes, 4)) return fail("the header of a part is too large");
    if (end == std::string::npos) return std::nullopt;
    if (!parse_headers(std::string_view(buffer_).substr(0, end))) return fail("a part has no form-data name");
    buffer_.erase(0, end + 4);
    if (!is_file_) {
        phase_ = Phase::field;
        return read_field();
    }
    phase_ = Phase::file;
    return PartFileBegin{name_, filename_, content_type_};
}

bool MultipartReader::parse_headers(std::string_view block) {
    is_file_ = false;
    filename_.clear();
    content_type_.clear();
    std::optional<std::string> name;
    while (!block.empty()) {
        const auto end = std::min(block.find("\r\n"), block.size());
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(std::min(block.size(), end + 2));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view field = trimmed(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (equals_ignoring_case(field, "Content-Type")) content_type_ = value;
        if (!equals_ignoring_case(field, "Content-Disposition")) continue;
        if (!equals_ignoring_case(trimmed(value.substr(0, value.find(';'))), "form-data")) return false;
        name = parameter(value, "name");
        const auto filename = parameter(value, "filename");
        is_file_ = filename.has_value();
        filename_ = filename.value_or("");
    }
    if (!name) return false;
    name_ = *name;
    return true;
}

std::optional<MultipartEvent> MultipartReader::read_field() {
    const auto end = buffer_.find(delimiter_);
    if (beyond(end, limits_.field_bytes, delimiter_.size())) return fail("a form field is too large");
    if (end == std::string::npos) return std::nullopt;
    PartField field{name_, buffer_.substr(0, end)};
    buffer_.erase(0, end + delimiter_.size());
    phase_ = Phase::delimiter;
    return field;
}

std::optional<MultipartEvent> MultipartReader::read_file() {
    const auto end = buffer_.find(delimiter_);
    if (end == 0) {
        buffer_.erase(0, delimiter_.size());
        phase_ = Phase::delimiter;
        return PartFileEnd{};
    }
    // Without a delimiter in sight, the last bytes may be the beginning of one.
    const std::size_t held_back = delimiter_.size() - 1;
    if (end == std::string::npos && buffer_.size() <= held_back) return std::nullopt;
    const std::size_t length = end == std::string::npos ? buffer_.size() - held_back : end;
    PartFileBytes piece{buffer_.substr(0, length)};
    buffer_.erase(0, length);
    return piece;
}

}  // namespace net
