#pragma once
// Comma-separated values (RFC 4180): a quoted field may contain commas, quotes (doubled) and line ends.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct CsvLine {
    std::size_t number = 0;  // the text line where it begins, from 1
    std::vector<std::string> fields;
};

// Returns the lines one by one. Skips empty ones, a byte order mark, and blanks around unquoted fields.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text);  // outlives this

    // nullopt: the end, or an error.
    std::optional<CsvLine> next();
    // Not text, or a quote is not closed, or something follows it.
    bool failed() const { return failed_; }

  private:
    bool read_line(CsvLine& line);
    bool read_field(std::string& field);
    bool next_is_quoted() const;
    void read_plain(std::string& field);
    bool read_quoted(std::string& field);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    bool failed_ = false;
};

}  // namespace api
