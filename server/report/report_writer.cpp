#include "server/report/report_writer.h"

#include "server/report/junit.h"
#include "server/report/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace report {

using config::JsonNode;

namespace {

struct FormatRow {
    std::string_view name;
    Format format;
    std::string_view media_type;
};
constexpr std::array formats{FormatRow{"text", Format::text, "text/plain; charset=utf-8"},
                             FormatRow{"json", Format::json, "application/json"},
                             FormatRow{"junit", Format::junit, "application/xml"},
                             FormatRow{"markdown", Format::markdown, "text/markdown; charset=utf-8"}};

std::string counted(const Tally& tally, std::string_view what) {
    auto text = std::to_string(tally.entries) + " " + std::string(what) + (tally.entries == 1 ? "" : "s");
    if (tally.findings > tally.entries) text += " (" + std::to_string(tally.findings) + " times)";
    return text;
}

std::uint64_t number_of(const JsonNode& node, std::string_view key) {
    const auto* member = node.find(key);
    std::uint64_t value = 0;
    if (member != nullptr) std::from_chars(member->text.data(), member->text.data() + member->text.size(), value);
    return value;
}

JsonNode number(std::uint64_t value) {
    return JsonNode::number(std::to_string(value));
}

std::string left_out_text(const Counts& counts) {
    return std::to_string(counts.left_out) +
           " findings more have no entry here: there were too many; --since, --identity and --rule choose some";
}

std::string text_entry(const JsonNode& finding) {
    return text_of(finding, "severity") + " " + code_of(finding) + "  " + where(finding) + "  " + who(finding) + "  " +
           when(finding) + "\n    " + sentence(finding) + "\n";
}

// One cell of a table: a bar would end it, and angle brackets would be HTML.
std::string markdown(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string markdown_entry(const JsonNode& finding) {
    std::string row = "|";
    for (const auto& cell : {text_of(finding, "severity"), code_of(finding), where(finding), who(finding),
                             text_of(finding, "count"), sentence(finding)}) {
        row += " " + markdown(cell) + " |";
    }
    return row + "\n";
}

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
    const auto* found =
        std::find_if(formats.begin(), formats.end(), [name](const auto& row) { return row.name == name; });
    if (found == formats.end()) return std::nullopt;
    return found->format;
}

std::string_view media_type(Format format) {
    const auto* row =
        std::find_if(formats.begin(), formats.end(), [format](const auto& one) { return one.format == format; });
    return row->media_type;
}

std::string counts_text(const Counts& counts) {
    std::string text;
    const auto add = [&text](const Tally& tally, std::string_view what) {
        if (tally.entries > 0) text.append(text.empty() ? "" : ", ").append(counted(tally, what));
    };
    add(counts.violations, "violation");
    add(counts.warnings, "warning");
    add(counts.infos, "info");
    return text.empty() ? "no findings" : text;
}

JsonNode entry_json(const Entry& entry) {
    auto parsed = config::parse_json(entry.example, config::JsonDialect::strict);
    JsonNode shown = parsed.root ? std::move(*parsed.root) : JsonNode::object();
    shown.put("count", number(entry.count));
    shown.put("first_timestamp", JsonNode::number(std::to_string(entry.first_us)));
    shown.put("last_timestamp", JsonNode::number(std::to_string(entry.last_us)));
    return shown;
}

Counts read_counts(const JsonNode& report) {
    const auto tally = [&report](std::string_view key) {
        const auto* counts = report.find("counts");
        return Tally{number_of(report, key), counts == nullptr ? 0 : number_of(*counts, key)};
    };
    return {tally("violations"), tally("warnings"), tally("infos"), number_of(report, "left_out")};
}

std::string Writer::head() const {
    switch (options_.format) {
        case Format::json:
            return R"({"findings":[)";
        case Format::junit:
            return junit_head(options_, counts_);
        case Format::markdown: {
            const auto begin = "**" + counts_text(counts_) + "**\n";
            constexpr auto table =
                "\n| severity | code | connector | identity | times | finding |\n| --- | --- | --- | --- | --- | --- "
                "|\n";
            return counts_text(counts_) == "no findings" ? begin : begin + table;
        }
        case Format::text:
            break;
    }
    return {};
}

std::string Writer::entry(const JsonNode& finding) {
    const bool first = !std::exchange(begun_, true);
    switch (options_.format) {
        case Format::json:
            return (first ? "" : ",") + config::to_json_text(finding);
        case Format::junit:
            return junit_case(finding, options_);
        case Format::markdown:
            return markdown_entry(finding);
        case Format::text:
            break;
    }
    return text_entry(finding);
}

std::string Writer::foot() const {
    const auto more = counts_.left_out == 0 ? std::string() : left_out_text(counts_);
    switch (options_.format) {
        case Format::json: {
            const auto& [violations, warnings, infos, left_out] = counts_;
            const auto counts = JsonNode::object({{"violations", number(violations.findings)},
                                                  {"warnings", number(warnings.findings)},
                                                  {"infos", number(infos.findings)}});
            return "],\"violations\":" + std::to_string(violations.entries) +
                   ",\"warnings\":" + std::to_string(warnings.entries) + ",\"infos\":" + std::to_string(infos.entries) +
                   ",\"counts\":" + config::to_json_text(counts) + ",\"left_out\":" + std::to_string(left_out) + "}\n";
        }
        case Format::junit:
            return junit_foot(more);
        case Format::markdown:
            return more.empty() ? more : "\n" + markdown(more) + "\n";
        case Format::text:
            break;
    }
    return (more.empty() ? more : more + "\n") + counts_text(counts_) + "\n";
}

}  // namespace report
