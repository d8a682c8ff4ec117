#include "server/api/murano/csv.h"

#include "protocol/utf8_string.h"

#include <algorithm>

namespace api {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string trimmed_field(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return std::string(text);
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
}

std::optional<CsvLine> CsvReader::next() {
    while (!failed_ && at_ < text_.size()) {
        CsvLine line{line_, {}};
        failed_ = !read_line(line);
        const bool empty = line.fields.size() == 1 && line.fields.front().empty();
        if (!failed_ && !empty) return line;
    }
    return std::nullopt;
}

bool CsvReader::read_line(CsvLine& line) {
    while (true) {
        auto& field = line.fields.emplace_back();
        if (!read_field(field)) return false;
        if (at_ == text_.size()) return true;
        const char end = text_[at_++];
        if (end == ',') continue;
        if (end != '\n') return false;
        ++line_;
        return true;
    }
}

bool CsvReader::read_field(std::string& field) {
    if (!next_is_quoted()) {
        read_plain(field);
    } else if (!read_quoted(field)) {
        return false;
    }
    return protocol::check_text(field) < protocol::TextQuality::null_character;
}

bool CsvReader::next_is_quoted() const {
    const auto first = text_.find_first_not_of(" \t", at_);
    return first != std::string_view::npos && text_[first] == '"';
}

void CsvReader::read_plain(std::string& field) {
    const auto end = std::min(text_.find_first_of(",\n", at_), text_.size());
    field = trimmed_field(text_.substr(at_, end - at_));
    at_ = end;
}

bool CsvReader::read_quoted(std::string& field) {
    at_ = text_.find('"', at_) + 1;
    while (true) {
        const auto quote = text_.find('"', at_);
        if (quote == std::string_view::npos) return false;
        field += text_.substr(at_, quote - at_);
        at_ = quote + 1;
        if (at_ == text_.size() || text_[at_] != '"') break;
        field += '"';
        ++at_;
    }
    line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
    at_ = std::min(text_.find_first_not_of(" \t\r", at_), text_.size());
    return true;
}

}  // namespace api
