#include "server/api/csv.h"

#include "protocol/utf8_string.h"

#include <algorithm>

namespace api {
namespace {

std::string trimmed_field(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return std::string(text);
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool done() const { return at_ == text_.size(); }

    // One line; nullopt: a quote is not closed, or something stands behind it.
    std::optional<CsvLine> line() {
        CsvLine line{line_, {}};
        while (true) {
            auto field = next_is_quoted() ? quoted() : plain();
            if (!field) return std::nullopt;
            line.fields.push_back(std::move(*field));
            if (done()) return line;
            const char end = text_[at_++];
            if (end == ',') continue;
            if (end != '\n') return std::nullopt;
            ++line_;
            return line;
        }
    }

  private:
    bool next_is_quoted() const {
        const auto first = text_.find_first_not_of(" \t", at_);
        return first != std::string_view::npos && text_[first] == '"';
    }

    std::optional<std::string> plain() {
        const auto end = std::min(text_.find_first_of(",\n", at_), text_.size());
        auto field = trimmed_field(text_.substr(at_, end - at_));
        at_ = end;
        return field;
    }

    std::optional<std::string> quoted() {
        std::string field;
        at_ = text_.find('"', at_) + 1;
        while (true) {
            const auto quote = text_.find('"', at_);
            if (quote == std::string_view::npos) return std::nullopt;
            field += text_.substr(at_, quote - at_);
            at_ = quote + 1;
            if (done() || text_[at_] != '"') break;
            field += '"';
            ++at_;
        }
        line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
        at_ = std::min(text_.find_first_not_of(" \t\r", at_), text_.size());
        return field;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

std::optional<std::vector<CsvLine>> parse_csv(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (protocol::check_text(text) >= protocol::TextQuality::null_character) return std::nullopt;
    std::vector<CsvLine> lines;
    for (Reader reader(text); !reader.done();) {
        auto line = reader.line();
        if (!line) return std::nullopt;
        if (line->fields.size() > 1 || !line->fields.front().empty()) lines.push_back(std::move(*line));
    }
    return lines;
}

}  // namespace api
