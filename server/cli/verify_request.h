#pragma once
// The arguments of `verify`, parsed and checked before anything is started. Throws UsageError.

#include "config/json_tree.h"
#include "server/cli/client_options.h"
#include "server/verdict/run.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cli {

struct VerifyRequest {
    std::string identity;
    std::string suite = "quick";
    config::JsonNode own_suite;                    // the content of the suite file
    std::vector<const verdict::CheckRow*> checks;  // the selected ones, built-in and from the suite file
    std::vector<std::shared_ptr<const verdict::CustomCheck>> custom;  // owners of the latter's rows
    std::vector<std::string> only, skip, require;
    config::JsonNode parameters = config::JsonNode::object();
    bool watch_only = false;
    bool warnings_fail = false;
    bool github = false;
    bool list = false;
    std::string format = "text";                               // of the printed report
    std::vector<std::pair<std::string, std::string>> outputs;  // file, format
    std::string device_command;
    std::map<std::string, std::string> hooks;  // "power_cycle": command
};

std::span<const OptionSpec> verify_options();

VerifyRequest read_verify_request(const ClientOptions& options, const config::Environment& environment);

}  // namespace cli
