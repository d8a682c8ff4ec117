#pragma once
// murano-emulator report: a run's findings, for a person, a pull request or a build server.

#include "server/cli/client_command.h"
#include "server/report/report_writer.h"

#include <iosfwd>

namespace cli {

const ClientCommand& report_command();

// Prints the server's JSON report in another format.
void print_report(std::ostream& out, const report::Options& wanted, const config::JsonNode& found);

// The meaning of --fail-on. Throws UsageError for any other word.
enum class FailOn : unsigned char { nothing, violation, warning };
FailOn read_fail_on(std::string_view word);
bool is_failure(const report::Counts& counts, FailOn fail_on);

inline constexpr OptionSpec fail_on_option{"--fail-on", "SEVERITY",
                                           "violation or warning: exit code 1 when there is one, or a worse one"};

}  // namespace cli
