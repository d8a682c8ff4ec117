#include "server/runtime/log.h"

#include "server/runtime/log_colour.h"
#include "server/runtime/log_line.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <rapidjson/document.h>
#include <unistd.h>

using runtime::Log;
using runtime::LogFormat;
using runtime::LogLevel;

namespace {
constexpr std::int64_t noon_us = 1'784'030'813'589'999;  // 2026-07-14T12:06:53.589999Z

struct Lines {
    std::string text;
    int writes = 0;
    runtime::LogSink sink() {
        return [this](std::string_view lines) {
            text.append(lines);
            ++writes;
            return true;
        };
    }
};

std::string logged(LogFormat format, std::string_view message, Log::Fields fields) {
    Lines lines;
    Log log(LogLevel::debug, format, lines.sink(), [] { return noon_us; });
    log.info(message, fields);
    return lines.text;
}

std::string text_of(std::string_view value) {
    const std::string line = logged(LogFormat::text, "m", {{"k", value}});
    return line.substr(line.find("k=") + 2);
}
}  // namespace

TEST_CASE("a text line is time, level, message, fields") {
    CHECK(logged(LogFormat::text, "device connected",
                 {{"connector", "x2lmj5npsktbuik9"},
                  {"identity", std::string("12345")},
                  {"keep_alive_s", 60},
                  {"clean", true}}) ==
          "2026-07-14T12:06:53.589Z info  device connected connector=x2lmj5npsktbuik9 identity=12345 keep_alive_s=60 "
          "clean=true\n");
}

TEST_CASE("a JSON line is one object with the same") {
    CHECK(logged(LogFormat::json, "device connected", {{"identity", "12\"3"}, {"n", -5}, {"empty", ""}}) ==
          "{\"time\":\"2026-07-14T12:06:53.589Z\",\"level\":\"info\",\"message\":\"device "
          "connected\",\"identity\":\"12\\\"3\","
          "\"n\":-5}\n");
}

TEST_CASE("empty texts are left out, so no identity is no field") {
    CHECK(logged(LogFormat::text, "m", {{"identity", ""}, {"k", 1}}).find("identity") == std::string::npos);
}

TEST_CASE("hostile text can neither end a line nor forge a field nor reach the terminal") {
    CHECK(text_of("a\nerror forged=1") == "\"a\\nerror forged=1\"\n");
    CHECK(text_of("a\rb\tc") == "\"a\\rb\\tc\"\n");
    CHECK(text_of("\x1b[2J\x07") == "\"\\u{1b}[2J\\u{7}\"\n");
    CHECK(text_of(std::string_view("nul\0!", 5)) == "\"nul\\u{0}!\"\n");
    CHECK(text_of("x=1 level=error") == "\"x=1 level=error\"\n");
    CHECK(text_of("say \"hi\" \\n") == "\"say \\\"hi\\\" \\\\n\"\n");
    CHECK(text_of("\x7f\xc2\x9b\x31m") == "\"\\u{7f}\\u{9b}1m\"\n");     // C1: a second way to start an escape sequence
    CHECK(text_of("a\xe2\x80\xaetxt") == "\"a\\u{202e}txt\"\n");         // right-to-left override
    CHECK(text_of("a\xe2\x80\xa8txt") == "\"a\\u{2028}txt\"\n");         // line separator
    CHECK(text_of("gr\xc3\xbc\xc3\x9f") == "\"gr\xc3\xbc\xc3\x9f\"\n");  // other UTF-8 stays readable
    CHECK(text_of("$resource/data_in") == "$resource/data_in\n");
}

TEST_CASE("bytes that are not UTF-8 are shown as bytes") {
    CHECK(text_of("\xff\xfe") == "\"\\xff\\xfe\"\n");
    CHECK(text_of("\xc3") == "\"\\xc3\"\n");                    // cut short
    CHECK(text_of("\xed\xa0\x80") == "\"\\xed\\xa0\\x80\"\n");  // surrogate
    CHECK(text_of("\xc0\xaf") == "\"\\xc0\\xaf\"\n");           // overlong
    CHECK(text_of("\xf4\x90\x80\x80") == "\"\\xf4\\x90\\x80\\x80\"\n");
}

TEST_CASE("any bytes at all give one line of valid JSON") {
    for (int lead = 0; lead < 256; ++lead) {
        for (const std::string_view tail : {"", "\n", "\"", "\\", "\x80", "\xe2\x80\xa8", "\x1b[0m"}) {
            std::string value(1, static_cast<char>(lead));
            value.append(tail);
            const std::string line = logged(LogFormat::json, value, {{"v", value}});
            REQUIRE(std::count(line.begin(), line.end(), '\n') == 1);
            rapidjson::Document parsed;
            parsed.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
            REQUIRE(!parsed.HasParseError());
            REQUIRE(parsed["v"].IsString());
            REQUIRE(std::none_of(line.begin(), line.end() - 1,
                                 [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
        }
    }
}

TEST_CASE("a message cannot forge a line either") {
    CHECK(logged(LogFormat::text, "a\n2026 error b", {}) == "2026-07-14T12:06:53.589Z info  a\\n2026 error b\n");
}

TEST_CASE("long values are cut and their length is told") {
    const std::string line = logged(LogFormat::text, "m", {{"k", std::string(1'000'000, 'x')}});
    CHECK(line.size() < 1200);
    CHECK(line.find("x... 998976 bytes more\"") != std::string::npos);
    const std::string wide = logged(LogFormat::json, "m", {{"k", std::string(1'023, 'x') + "\xe2\x82\xac" + "end"}});
    CHECK(wide.find("\xe2\x82\xac... 3 bytes more\"") != std::string::npos);
}

TEST_CASE("levels below the set one are not written, and the level can change") {
    Lines lines;
    Log log(LogLevel::warn, LogFormat::text, lines.sink(), [] { return noon_us; });
    log.info("no");
    log.trace("no");
    CHECK(lines.text.empty());
    CHECK(!log.enabled(LogLevel::info));
    log.error("yes");
    log.warn("yes");
    log.set_level(LogLevel::trace);
    log.debug("yes");
    log.trace("yes");
    CHECK(std::count(lines.text.begin(), lines.text.end(), '\n') == 4);
}

TEST_CASE("levels have names") {
    CHECK(runtime::level_name(LogLevel::error) == "error");
    CHECK(runtime::level_name(LogLevel::warn) == "warn");
    CHECK(runtime::level_name(LogLevel::info) == "info");
    CHECK(runtime::level_name(LogLevel::debug) == "debug");
    CHECK(runtime::level_name(LogLevel::trace) == "trace");
}

TEST_CASE("unbuffered lines are written one by one, buffered ones at flush, an error at once") {
    Lines lines;
    Log log(LogLevel::info, LogFormat::text, lines.sink(), [] { return noon_us; });
    log.info("one");
    log.info("two");
    CHECK(lines.writes == 2);
    log.set_buffered(true);
    log.info("three");
    log.info("four");
    CHECK(lines.writes == 2);
    log.flush();
    log.flush();
    CHECK(lines.writes == 3);
    log.info("five");
    log.error("six");
    CHECK(lines.writes == 4);
    log.info("seven");
    log.set_buffered(false);
    CHECK(lines.writes == 5);
    CHECK(std::count(lines.text.begin(), lines.text.end(), '\n') == 7);
}

TEST_CASE("the buffer does not grow without bound, and the destructor writes the rest") {
    Lines lines;
    {
        Log log(LogLevel::info, LogFormat::text, lines.sink(), [] { return noon_us; });
        log.set_buffered(true);
        for (int i = 0; i < 1000; ++i) log.info("m", {{"k", std::string(200, 'x')}});
        CHECK(lines.writes >= 3);
    }
    CHECK(std::count(lines.text.begin(), lines.text.end(), '\n') == 1000);
}

TEST_CASE("what cannot be written is counted, and nothing is thrown") {
    Log failing(
        LogLevel::info, LogFormat::text, [](std::string_view) { return false; }, [] { return noon_us; });
    failing.info("lost");
    CHECK(failing.dropped_lines() == 1);
    failing.set_buffered(true);
    failing.info("lost");
    failing.info("lost");
    failing.flush();
    CHECK(failing.dropped_lines() == 3);

    Log throwing(
        LogLevel::info, LogFormat::text, [](std::string_view) { return true; },
        []() -> std::int64_t { throw std::runtime_error("no clock"); });
    throwing.info("lost");
    CHECK(throwing.dropped_lines() == 1);

    Log closed(LogLevel::info, LogFormat::text, runtime::log_to_fd(-1), [] { return noon_us; });
    closed.info("lost");
    CHECK(closed.dropped_lines() == 1);
}

TEST_CASE("a line goes to a file descriptor whole") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    {
        Log log(LogLevel::debug, LogFormat::text, runtime::log_to_fd(ends[1]), [] { return noon_us; });
        log.info("hello", {{"k", 1}});
    }
    std::array<char, 200> buffer{};
    const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
    REQUIRE(got > 0);
    CHECK(std::string_view(buffer.data(), static_cast<std::size_t>(got)) ==
          "2026-07-14T12:06:53.589Z info  hello k=1\n");
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("lines of several threads do not mix") {
    Lines lines;
    Log log(LogLevel::debug, LogFormat::text, lines.sink(), [] { return noon_us; });
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&log] {
            for (int i = 0; i < 500; ++i) log.info("abcdefghij", {{"k", "klmnopqrst"}});
        });
    }
    for (std::thread& thread : threads) thread.join();
    const std::string expected = "2026-07-14T12:06:53.589Z info  abcdefghij k=klmnopqrst\n";
    REQUIRE(lines.text.size() == expected.size() * 2000);
    for (std::size_t at = 0; at < lines.text.size(); at += expected.size()) {
        REQUIRE(std::string_view(lines.text).substr(at, expected.size()) == expected);
    }
}

TEST_CASE("times are UTC with milliseconds, in four-digit years") {
    const auto utc = [](std::int64_t us) {
        std::string out;
        runtime::append_utc(out, us);
        return out;
    };
    CHECK(utc(0) == "1970-01-01T00:00:00.000Z");
    CHECK(utc(-1) == "1969-12-31T23:59:59.999Z");
    CHECK(utc(951'782'400'000'000) == "2000-02-29T00:00:00.000Z");
    CHECK(utc(INT64_MAX) == "9999-12-31T23:59:59.999Z");
    CHECK(utc(INT64_MIN) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("at level info a text line is for people: time of day, device, message, no ids") {
    Lines lines;
    Log log(LogLevel::info, LogFormat::text, lines.sink(), [] { return noon_us; });
    log.info("data_in temperature=21", {{"connector", "local"}, {"identity", "dev1"}, {"connection", "abc"}});
    log.warn("R37 again, 39 times", {{"identity", "dev1"}});
    log.error("no device", {{"identity", ""}, {"client_id", "x"}});
    CHECK(lines.text ==
          "12:06:53 dev1 data_in temperature=21 connector=local\n"
          "12:06:53 warn  dev1 R37 again, 39 times\n"
          "12:06:53 error no device\n");
}

TEST_CASE("on a terminal warnings are yellow, errors red, times dim") {
    CHECK(runtime::coloured("12:06:53 dev1 hello\n12:06:53 warn  dev1 R37\n12:06:53 error x\n") ==
          "\x1b[2m12:06:53\x1b[0m dev1 hello\n"
          "\x1b[2m12:06:53\x1b[0m\x1b[33m warn  dev1 R37\x1b[0m\n"
          "\x1b[2m12:06:53\x1b[0m\x1b[31m error x\x1b[0m\n");
}
