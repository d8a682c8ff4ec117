#include "server/verdict/report/escape.h"

namespace verdict {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::string markup(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            case '\n':
            case '\t':
                result += letter;
                break;
            default:
                is_control(letter) ? result += replacement : result += letter;
        }
    }
    return result;
}

std::string one_line(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '\n' || letter == '\r' || letter == '\t')
            result += ' ';
        else
            is_control(letter) ? result += replacement : result += letter;
    }
    return result;
}

std::string markdown(std::string_view text) {
    std::string result;
    for (const char letter : one_line(text)) {
        if (letter == '<' || letter == '>' || letter == '&') {
            result += markup({&letter, 1});
        } else {
            if (std::string_view("\\`*_[]|#").find(letter) != std::string_view::npos) result += '\\';
            result += letter;
        }
    }
    return result;
}

}  // namespace verdict
