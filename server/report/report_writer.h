#pragma once
// Writes folded findings as a report for people or machines, entry by entry, so that a long one can be written in
// slices. Pure.
//
//   json      {"findings":[{…the example's event, "count","first_timestamp","last_timestamp"}],
//              "violations":N,"warnings":N,"infos":N,"counts":{"violations":N,"warnings":N,"infos":N},"left_out":N}
//             "counts" counts findings, the other numbers count entries; times in µs
//   junit     a test case for each entry; violations are failures, warnings if the options say so
//   markdown  a table; text: two lines for each entry

#include "config/json_tree.h"
#include "server/report/findings.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace report {

enum class Format : unsigned char { text, json, junit, markdown };
std::optional<Format> parse_format(std::string_view name);
inline constexpr std::string_view format_names = "text, json, junit or markdown";
std::string_view media_type(Format format);

struct Options {
    Format format = Format::text;
    std::string connector;       // the connector of the findings; empty: all, and findings without a connector
    bool warnings_fail = false;  // JUnit: a warning counts as a failure, as a violation always does
};

// "2 violations (14 times), 1 warning"; "no findings"
std::string counts_text(const Counts& counts);

// An entry in the JSON format.
config::JsonNode entry_json(const Entry& entry);
// The counts in a report in JSON format; absent ones are 0.
Counts read_counts(const config::JsonNode& report);

class Writer {
  public:
    Writer(Options options, const Counts& counts) : options_(std::move(options)), counts_(counts) {}

    // Call in this order: head, each entry, foot. The output ends with a line feed.
    std::string head() const;
    std::string entry(const config::JsonNode& finding);  // in the form of entry_json()
    std::string foot() const;

  private:
    Options options_;
    Counts counts_;
    bool begun_ = false;  // an entry was written
};

}  // namespace report
