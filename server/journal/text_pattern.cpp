#include "server/journal/text_pattern.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

namespace journal {
namespace {

constexpr std::string_view each_line = "(?m)";

RE2::Options options() {
    RE2::Options chosen;
    chosen.set_log_errors(false);
    chosen.set_dot_nl(true);
    chosen.set_never_capture(true);
    chosen.set_max_mem(TextPattern::most_memory);
    return chosen;
}

// What Perl has and RE2 has not fails with one of these.
bool may_be_perl(RE2::ErrorCode code) {
    return code == RE2::ErrorBadEscape || code == RE2::ErrorRepeatOp || code == RE2::ErrorBadPerlOp ||
           code == RE2::ErrorBadNamedCapture;
}

std::string why_not(const RE2& regex) {
    if (regex.error_code() == RE2::ErrorPatternTooLarge)
        return "is too large a pattern once its repetitions are counted";
    std::string reason = regex.error();
    if (const auto at = reason.find(each_line); at != std::string::npos) reason.erase(at, each_line.size());
    std::string clause = "is not a regular expression in RE2's syntax: " + reason;
    if (may_be_perl(regex.error_code())) {
        clause +=
            "; RE2 knows no look-around (?= (?! (?<= (?<!, no back-references \\1, no atomic groups (?> and no "
            "possessive quantifiers a++";
    }
    return clause;
}

}  // namespace

struct TextPattern::Compiled {
    explicit Compiled(std::string_view text) : regex(std::string(each_line).append(text), options()) {}
    RE2 regex;
};

std::variant<TextPattern, std::string> TextPattern::compile(std::string_view text) {
    if (text.size() > longest) return "is longer than " + std::to_string(longest) + " bytes";
    auto compiled = std::make_shared<const Compiled>(text);
    if (!compiled->regex.ok()) return why_not(compiled->regex);
    if (static_cast<std::size_t>(compiled->regex.ProgramSize()) > largest_program) {
        return "is too large a pattern once its repetitions are counted";
    }
    TextPattern pattern;
    pattern.text_ = text;
    pattern.compiled_ = std::move(compiled);
    return pattern;
}

bool TextPattern::found_in(std::string_view text) const {
    const std::string_view part = text.substr(0, searched());
    return RE2::PartialMatch(re2::StringPiece(part.data(), part.size()), compiled_->regex);
}

std::size_t TextPattern::searched() const {
    const int program = std::max(1, compiled_->regex.ProgramSize());
    return std::min(most_searched, most_steps / static_cast<std::size_t>(program));
}

}  // namespace journal
