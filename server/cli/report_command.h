#pragma once
// murano-emulator report: the findings of a run, for a person, a pull request or a build server.

#include "server/cli/client_command.h"
#include "server/report/report_writer.h"

#include <iosfwd>

namespace cli {

const ClientCommand& report_command();

// A report that the server gave as JSON, in another form. The server's JSON says everything that the others do.
void print_report(std::ostream& out, const report::Options& wanted, const config::JsonNode& found);

// What --fail-on asks for. Throws UsageError for any other word.
enum class FailOn : unsigned char { nothing, violation, warning };
FailOn read_fail_on(std::string_view word);
bool is_failure(const report::Counts& counts, FailOn fail_on);

inline constexpr OptionSpec fail_on_option{"--fail-on", "SEVERITY",
                                           "violation or warning: exit code 1 when there is one, or a worse one"};

}  // namespace cli
