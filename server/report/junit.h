#pragma once
// The report in the format of build servers: one test case per entry. Pure.

#include "server/report/report_writer.h"

#include <string>
#include <string_view>

namespace report {

std::string junit_head(const Options& options, const Counts& counts);
// Its name is the same in each run in which the device makes that mistake.
std::string junit_case(const config::JsonNode& finding, const Options& options);
// `more`: a sentence about what the report leaves out; may be empty.
std::string junit_foot(std::string_view more);

}  // namespace report
