#pragma once
// multipart/form-data (RFC 7578) from chunks of any size: small fields whole, one file or more in pieces. Memory stays
// within the limits for any input. One thread at a time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace net {

struct MultipartLimits {
    std::size_t part_header_bytes = 8 * 1024;
    std::size_t field_bytes = 64 * 1024;
    std::size_t parts = 100;
};

struct PartField {
    std::string name;
    std::string value;
};
struct PartFileBegin {
    std::string name;
    std::string filename;
    std::string content_type;  // empty: absent
};
struct PartFileBytes {
    std::string bytes;
};
struct PartFileEnd {};
struct MultipartEnd {};  // the closing delimiter was read; what follows is ignored
struct MultipartError {
    std::string message;
};
using MultipartEvent = std::variant<PartField, PartFileBegin, PartFileBytes, PartFileEnd, MultipartEnd, MultipartError>;

// The boundary in a Content-Type "multipart/form-data; boundary=..."; nullopt: another type, none, or illegal.
std::optional<std::string> multipart_boundary(std::string_view content_type);

class MultipartReader {
  public:
    explicit MultipartReader(std::string_view boundary, MultipartLimits limits = {});

    void feed(std::string_view bytes);
    // nullopt: more bytes are needed. Nothing follows MultipartEnd or MultipartError.
    std::optional<MultipartEvent> next();
    bool ended() const { return phase_ == Phase::ended; }  // MultipartEnd was returned

  private:
    enum class Phase : std::uint8_t { preamble, delimiter, headers, field, file, ended, failed };

    std::optional<MultipartEvent> fail(std::string message);
    std::optional<MultipartEvent> read_preamble();
    std::optional<MultipartEvent> read_delimiter();
    std::optional<MultipartEvent> read_headers();
    std::optional<MultipartEvent> read_field();
    std::optional<MultipartEvent> read_file();
    bool parse_headers(std::string_view block);
    bool beyond(std::size_t end, std::size_t most, std::size_t mark_bytes) const;

    MultipartLimits limits_;
    std::string delimiter_;  // "\r\n--boundary"
    std::string buffer_;
    Phase phase_ = Phase::preamble;
    std::size_t parts_ = 0;
    std::string name_, filename_, content_type_;
    bool is_file_ = false;
};

}  // namespace net
