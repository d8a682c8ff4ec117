#include "server/http/response.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace net {

namespace {

constexpr std::array reasons{
    std::pair{100U, "Continue"},
    std::pair{200U, "OK"},
    std::pair{201U, "Created"},
    std::pair{204U, "No Content"},
    std::pair{205U, "Reset Content"},
    std::pair{206U, "Partial Content"},
    std::pair{302U, "Found"},
    std::pair{304U, "Not Modified"},
    std::pair{400U, "Bad Request"},
    std::pair{401U, "Unauthorized"},
    std::pair{403U, "Forbidden"},
    std::pair{404U, "Not Found"},
    std::pair{405U, "Method Not Allowed"},
    std::pair{408U, "Request Timeout"},
    std::pair{409U, "Conflict"},
    std::pair{411U, "Length Required"},
    std::pair{412U, "Precondition Failed"},
    std::pair{413U, "Content Too Large"},
    std::pair{414U, "URI Too Long"},
    std::pair{415U, "Unsupported Media Type"},
    std::pair{416U, "Range Not Satisfiable"},
    std::pair{417U, "Expectation Failed"},
    std::pair{422U, "Unprocessable Content"},
    std::pair{431U, "Request Header Fields Too Large"},
    std::pair{500U, "Internal Server Error"},
    std::pair{501U, "Not Implemented"},
    std::pair{503U, "Service Unavailable"},
    std::pair{504U, "Gateway Timeout"},
    std::pair{505U, "HTTP Version Not Supported"},
    std::pair{507U, "Insufficient Storage"},
};

bool body_allowed(unsigned status) {
    return status >= 200 && status != 204 && status != 304;
}

// A value that came from a name or a path must not begin a new line of the head.
void append_line(std::string& head, std::string_view name, std::string_view value) {
    const auto clean = [](char c) { return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || c == '\t'; };
    std::copy_if(name.begin(), name.end(), std::back_inserter(head), clean);
    head += ": ";
    std::copy_if(value.begin(), value.end(), std::back_inserter(head), clean);
    head += "\r\n";
}

void append_framing(std::string& head, const HttpResponse& response, const AnswerForm& form) {
    if (!body_allowed(response.status)) return;
    if (response.stream) {
        if (!form.http_1_0) append_line(head, "Transfer-Encoding", "chunked");
        return;
    }
    const std::uint64_t length = response.file ? response.file->length : response.body.size();
    append_line(head, "Content-Length", std::to_string(length));
}

}  // namespace

HttpResponse& HttpResponse::set(std::string_view name, std::string_view value) {
    for (HttpField& known : fields) {
        if (equals_ignoring_case(known.name, name)) {
            known.value = value;
            return *this;
        }
    }
    fields.push_back({std::string(name), std::string(value)});
    return *this;
}

std::string_view HttpResponse::field(std::string_view name) const {
    for (const HttpField& known : fields) {
        if (equals_ignoring_case(known.name, name)) return known.value;
    }
    return {};
}

AnswerForm answer_form(const HttpHead& request) {
    return {request.method == "HEAD", request.keep_alive, request.http_1_0};
}

std::string_view reason_phrase(unsigned status) {
    const auto* found =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == status; });
    return found == reasons.end() ? "Unknown" : found->second;
}

bool closes(const HttpResponse& response, const AnswerForm& form) {
    return response.close || !form.keep_alive || (response.stream && form.http_1_0);
}

bool has_body(const HttpResponse& response, const AnswerForm& form) {
    return body_allowed(response.status) && !form.head_only;
}

std::string serialise_head(const HttpResponse& response, const AnswerForm& form, std::int64_t date_us) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    head += reason_phrase(response.status);
    head += "\r\n";
    for (const HttpField& one : response.fields) append_line(head, one.name, one.value);
    append_line(head, "Server", "Murano");
    append_line(head, "Date", http_date(date_us));
    append_framing(head, response, form);
    if (closes(response, form)) {
        append_line(head, "Connection", "close");
    } else if (form.http_1_0) {
        append_line(head, "Connection", "keep-alive");
    }
    head += "\r\n";
    return head;
}

std::string stream_piece(std::string_view bytes, const AnswerForm& form) {
    if (bytes.empty() || form.http_1_0) return std::string(bytes);
    std::array<char, 20> size{};
    const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    std::string piece(size.data(), static_cast<std::size_t>(digits));
    piece += bytes;
    piece += "\r\n";
    return piece;
}

std::string stream_end(const AnswerForm& form) {
    return form.http_1_0 ? "" : "0\r\n\r\n";
}

std::string http_date(std::int64_t time_us) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = time_us >= 0 ? time_us / 1'000'000 : 0;
    std::tm utc{};
    if (gmtime_r(&seconds, &utc) == nullptr) return http_date(0);  // a year beyond int
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                  months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                  utc.tm_sec);
    return text.data();
}

}  // namespace net
