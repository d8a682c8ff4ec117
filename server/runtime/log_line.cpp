#include "server/runtime/log_line.h"

#include "server/runtime/log_escape.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace runtime {
namespace {

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out.append(digits);
}

constexpr std::array<std::string_view, 6> debug_keys{"connection", "client_id",       "packet",
                                                     "tls",        "session_present", "keep_alive_s"};
constexpr std::string_view device_key = "identity";

bool is_for_debug(std::string_view key) {
    return std::find(debug_keys.begin(), debug_keys.end(), key) != debug_keys.end();
}

void append_value(std::string& out, const Field& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value())) {
        append_text_value(out, *text);
    } else {
        out.append(std::to_string(std::get<std::int64_t>(field.value())));
    }
}

bool is_empty(const Field& field) {
    const auto* text = std::get_if<std::string_view>(&field.value());
    return text != nullptr && text->empty();
}

}  // namespace

void append_utc(std::string& out, std::int64_t wall_us) {
    using std::chrono::floor;
    constexpr std::int64_t first = -62'167'219'200'000'000;  // 0000-01-01
    constexpr std::int64_t last = 253'402'300'799'999'999;   // 9999-12-31
    const std::chrono::sys_time<std::chrono::microseconds> time(
        std::chrono::microseconds(std::clamp(wall_us, first, last)));
    const auto day = floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::int64_t ms = floor<std::chrono::milliseconds>(time - day).count();
    append_padded(out, static_cast<int>(date.year()), 4);
    out.push_back('-');
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out.push_back('-');
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out.push_back('T');
    append_padded(out, ms / 3'600'000, 2);
    out.push_back(':');
    append_padded(out, ms / 60'000 % 60, 2);
    out.push_back(':');
    append_padded(out, ms / 1'000 % 60, 2);
    out.push_back('.');
    append_padded(out, ms % 1'000, 3);
    out.push_back('Z');
}

void append_text_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                      Log::Fields fields) {
    append_utc(out, wall_us);
    const std::string_view name = level_name(level);
    out.append(" ").append(name).append(6 - name.size(), ' ');
    append_text_message(out, message);
    for (const Field& field : fields) {
        if (is_empty(field)) continue;
        out.append(" ").append(field.key()).append("=");
        append_value(out, field);
    }
    out.push_back('\n');
}

void append_brief_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                       Log::Fields fields) {
    std::string time;
    append_utc(time, wall_us);
    out.append(time, 11, 8);
    if (level < LogLevel::info) out.append(" ").append(level_name(level)).append(5 - level_name(level).size(), ' ');
    out.push_back(' ');
    for (const Field& field : fields) {
        if (field.key() != device_key || is_empty(field)) continue;
        append_value(out, field);
        out.push_back(' ');
    }
    append_text_message(out, message);
    for (const Field& field : fields) {
        if (field.key() == device_key || is_for_debug(field.key()) || is_empty(field)) continue;
        out.append(" ").append(field.key()).append("=");
        append_value(out, field);
    }
    out.push_back('\n');
}

void append_json_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                      Log::Fields fields) {
    out.append("{\"time\":\"");
    append_utc(out, wall_us);
    out.append("\",\"level\":\"").append(level_name(level)).append("\",\"message\":");
    append_json_string(out, message);
    for (const Field& field : fields) {
        if (is_empty(field)) continue;
        out.append(",\"").append(field.key()).append("\":");
        if (const auto* text = std::get_if<std::string_view>(&field.value())) {
            append_json_string(out, *text);
        } else {
            out.append(std::to_string(std::get<std::int64_t>(field.value())));
        }
    }
    out.append("}\n");
}

}  // namespace runtime
