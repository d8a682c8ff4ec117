#pragma once
// Comma-separated values (RFC 4180): a quoted field may hold commas, quotes (doubled) and line ends.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct CsvLine {
    std::size_t number = 0;  // of the text's line that it begins on, from 1
    std::vector<std::string> fields;
};

// Gives the lines one after the other. Empty ones are left out, a byte order mark and blanks around fields that are not
// quoted are not part of them.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text);  // which outlives this

    // nullopt: the end, or something is wrong.
    std::optional<CsvLine> next();
    // This is no text, or a quote is not closed, or something stands behind it.
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

// All lines; nullopt where it failed.
std::optional<std::vector<CsvLine>> parse_csv(std::string_view text);

}  // namespace api
