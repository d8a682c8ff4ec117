#pragma once
// The report in the form that build servers read: one test case for each entry. Pure.

#include "server/report/report_writer.h"

#include <string>
#include <string_view>

namespace report {

std::string junit_head(const Options& options, const Counts& counts);
// Its name is the same in each run in which the device makes that mistake.
std::string junit_case(const config::JsonNode& finding, const Options& options);
// `more`: what the report leaves out, as a sentence; may be empty.
std::string junit_foot(std::string_view more);

}  // namespace report
