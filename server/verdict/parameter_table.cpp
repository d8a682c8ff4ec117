#include "server/verdict/parameter_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace verdict {

namespace {

constexpr double most_seconds = 1'000'000;

constexpr std::array rows = std::to_array<ParameterRow>({
    {"patience_s", &Parameters::patience, "60; 20 in quick",
     "how long to wait for the device to do something by itself"},
    {"max_backoff_s", &Parameters::max_backoff, "60; 8 in quick",
     "no longer pause is waited for: a device that backs off beyond it passes"},
    {"keep_alive_max_s", &Parameters::keep_alive_max, "1200", "the longest Keep Alive that passes KA-01"},
    {"keep_alive_patience_s", &Parameters::keep_alive_patience, "120",
     "KA-02 to KA-04 are not run where the Keep Alive is longer"},
    {"outage_s", &Parameters::outage, "20", "how long an outage lasts"},
    {"report_interval_s", &Parameters::report_interval, "learnt from the first reports",
     "how often the device reports"},
    {"report_alias", &Parameters::report_alias, "any", "the alias that it reports"},
    {"setting_alias", &Parameters::setting_alias, "the first settable resource",
     "the resource that is set; where it is given, it is judged whether the device applies it"},
    {"setting_values", &Parameters::setting_values, "values of its format", "what it is set to, in turn"},
    {"text_alias", &Parameters::text_alias, "the first settable string resource",
     "the resource that is set to texts of any length"},
    {"content_bytes", &Parameters::content_bytes, "65536", "the size of the file that is offered"},
    {"corruptions", &Parameters::corruptions, "20", "how many packets ROB-02 damages; 0 for no end"},
    {"duration_s", &Parameters::duration, "3600 in soak; else ROB-02 ends with its last packet",
     "how long ROB-02 goes on"},
    {"seed", &Parameters::seed, "1", "what is drawn by chance comes of it"},
    {"reprovisions", &Parameters::reprovisions, "true", "whether the device provisions again after a revoke"},
});

bool put(Parameters& parameters, Moment Parameters::*place, const std::string& text) {
    double value = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return false;
    if (!(value >= 0 && value <= most_seconds)) return false;
    parameters.*place = Moment(std::llround(value * 1e6));
    return true;
}
bool put(Parameters& parameters, std::uint64_t Parameters::*place, const std::string& text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value > 1'000'000'000) return false;
    parameters.*place = value;
    return true;
}
bool put(Parameters& parameters, bool Parameters::*place, const std::string& text) {
    if (text != "true" && text != "false") return false;
    parameters.*place = text == "true";
    return true;
}
bool put(Parameters& parameters, std::string Parameters::*place, const std::string& text) {
    parameters.*place = text;
    // Naming it is what asks for more than staying connected.
    if (place == &Parameters::setting_alias) parameters.setting_given = !text.empty();
    return true;
}

}  // namespace

std::span<const ParameterRow> parameter_table() {
    return rows;
}

const ParameterRow* find_parameter(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &ParameterRow::name);
    return found == rows.end() ? nullptr : &*found;
}

std::string_view expected_of(const ParameterRow& row) {
    constexpr std::array<std::string_view, 5> words{"a number of seconds from 0 to 1000000",
                                                    "a whole number from 0 to 1000000000", "true or false", "a string",
                                                    "an array of strings"};
    return words[row.place.index()];
}

bool set_parameter(Parameters& parameters, const ParameterRow& row, std::span<const std::string> texts) {
    if (const auto* list = std::get_if<std::vector<std::string> Parameters::*>(&row.place)) {
        (parameters.**list).assign(texts.begin(), texts.end());
        return true;
    }
    if (texts.size() != 1) return false;
    return std::visit(
        [&](auto place) {
            if constexpr (std::is_same_v<decltype(place), std::vector<std::string> Parameters::*>)
                return false;
            else
                return put(parameters, place, texts.front());
        },
        row.place);
}

}  // namespace verdict
