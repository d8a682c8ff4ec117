#include "server/cli/clock_command.h"

#include "config/epoch_time.h"
#include "server/cli/text_table.h"
#include "server/runtime/duration.h"

#include <array>
#include <charconv>
#include <ctime>
#include <ostream>
#include <variant>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    OptionSpec{"--connector", "C", "this connector's own clock (default: the global clock)"},
};

std::string target(const Run& run, std::string_view rest = {}) {
    std::string path = "/_emulator/v1/clock" + std::string(rest);
    const auto connector = run.options.value("--connector");
    return connector.empty() ? path : path + "?connector=" + percent_encode(connector);
}

std::string offset_text(const std::string& offset_us) {
    std::int64_t us = 0;
    std::from_chars(offset_us.data(), offset_us.data() + offset_us.size(), us);
    const auto seconds = std::to_string(us / 1'000'000);
    return us >= 0 ? "+" + seconds + "s" : seconds + "s";
}

void print(const Run& run, const std::string& body) {
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    const auto clock = parse_answer(body);
    const auto* frozen = clock.find("frozen");
    run.out << time_text(text_of(clock, "now_us")) << "  (real time " << offset_text(text_of(clock, "offset_us"))
            << (frozen != nullptr && frozen->truth ? ", frozen" : "") << ")\n";
}

void put(const Run& run, std::string_view key, JsonNode value) {
    print(run, run.api.send("PUT", target(run), JsonNode::object({{std::string(key), std::move(value)}})));
}

void show(const Run& run, Arguments) {
    print(run, run.api.get(target(run)));
}

// µs since 1970, or a time as people write it, UTC.
std::int64_t read_time(const std::string& text) {
    std::int64_t us = 0;
    const auto* end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, us);
    if (number.ec == std::errc{} && number.ptr == end) {
        if (const auto mistake = config::epoch_mistake(us); !mistake.empty()) {
            throw UsageError(text + " " + mistake + ", or a time such as 2026-11-23T06:30:00Z");
        }
        return us;
    }
    for (const auto* form : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"}) {
        std::tm parts{};
        const auto* rest = ::strptime(text.c_str(), form, &parts);
        if (rest == nullptr || *rest != '\0') continue;
        const int day = parts.tm_mday;
        const std::int64_t seconds = ::timegm(&parts);
        if (parts.tm_mday == day) return seconds * 1'000'000;
        throw UsageError("\"" + text + "\" is not a time: that month has fewer days");
    }
    throw UsageError("\"" + text + "\" is not a time: write 2026-11-23T06:30:00Z, or microseconds since 1970");
}

void set(const Run& run, Arguments arguments) {
    put(run, "now_us", JsonNode::number(std::to_string(read_time(arguments[0]))));
}

void advance(const Run& run, Arguments arguments) {
    const auto duration = runtime::parse_duration(arguments[0]);
    if (const auto* error = std::get_if<runtime::DurationError>(&duration)) throw UsageError(error->message);
    print(run, run.api.send("POST", target(run, "/advance"),
                            JsonNode::object({{"by", JsonNode::of(std::string_view(arguments[0]))}})));
}

void freeze(const Run& run, Arguments) {
    put(run, "frozen", JsonNode::of(true));
}

void unfreeze(const Run& run, Arguments) {
    put(run, "frozen", JsonNode::of(false));
}

void reset(const Run& run, Arguments) {
    print(run, run.api.send("DELETE", target(run)));
}

constexpr std::array forms{
    Form{"show", "", 0, 0, "the time for devices", show},
    Form{"set", "TIME", 1, 1, "such as 2026-11-23T06:30:00Z, or microseconds since 1970", set},
    Form{"advance", "DURATION", 1, 1, "such as 25h, 90s, or -1h for back; everything due by then happens", advance},
    Form{"freeze", "", 0, 0, "the clock stops", freeze},
    Form{"unfreeze", "", 0, 0, "it continues from there", unfreeze},
    Form{"reset", "", 0, 0, "real time again; with --connector it follows the global clock again", reset},
};

constexpr std::array names{ServerName{"by", "DURATION"}, ServerName{"now_us", "TIME"}};

constexpr ClientCommand command{"clock", forms, options, {}, names};

}  // namespace

const ClientCommand& clock_command() {
    return command;
}

}  // namespace cli
