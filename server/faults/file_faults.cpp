#include "server/faults/file_faults.h"

#include "server/faults/fault_json.h"

#include <algorithm>

namespace faults {
namespace {

bool has(const std::vector<Fault>& all, std::string_view name) {
    return std::any_of(all.begin(), all.end(), [name](const Fault& fault) { return fault.name == name; });
}

// In the order of the file, so that the same file gives the same names.
void give_names(std::vector<Fault>& all) {
    std::uint64_t number = 0;
    for (auto& fault : all) {
        while (fault.name.empty()) {
            auto name = "fault-" + std::to_string(++number);
            if (!has(all, name)) fault.name = std::move(name);
        }
    }
}

}  // namespace

std::vector<Fault> read_file_faults(const config::ServerSettings& settings, config::Problems& problems) {
    std::vector<Fault> all;
    const config::ReadContext context{settings.config_file, settings.file_text, config::KeyMode::strict, problems};
    for (const auto& seed : settings.faults) {
        auto fault = read_fault(seed.node, seed.path, context, {.connector = seed.connector});
        if (!fault) continue;
        if (!fault->name.empty() && has(all, fault->name)) {
            context.error(seed.node.offset, seed.path, "there is another fault \"" + fault->name + "\" in the file");
        } else if (!fault->after_fault.empty() && !has(all, fault->after_fault)) {
            context.error(seed.node.offset, config::child_path(seed.path, "after"),
                          "no fault before this one is called \"" + fault->after_fault + '"');
        } else {
            all.push_back(std::move(*fault));
        }
    }
    if (all.size() > settings.limits.max_faults) {
        context.error(0, "faults",
                      "there are more than limits.max_faults (" + std::to_string(settings.limits.max_faults) + ')');
    }
    give_names(all);
    return all;
}

}  // namespace faults
