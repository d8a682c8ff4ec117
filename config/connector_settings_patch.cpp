#include "config/connector_settings_json.h"
#include "config/tls_policy_json.h"

namespace config {

std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, const JsonNode& patch,
                                             const ConnectorSettings& defaults, ResourcesPatch resources,
                                             const ReadContext& context) {
    if (!patch.is(JsonNode::Kind::object)) {
        context.error(patch.offset, "$", "found " + describe(patch) + ", expected an object");
        return std::nullopt;
    }
    JsonNode merged = to_json(current, ConnectorShape::full);
    const bool replaces = resources == ResourcesPatch::replace && patch.find("resources") != nullptr;
    if (replaces) merged.erase("resources");
    leave_custom_tls(merged, patch);
    merge_patch(merged, patch);
    const std::size_t errors_before = context.problems.error_count();
    ConnectorSettings settings = parse_connector(merged, "", defaults, context);
    if (context.problems.error_count() != errors_before) return std::nullopt;
    return settings;
}

std::optional<ConnectorSettings> merge_patch(const ConnectorSettings& current, std::string_view patch_text,
                                             const ConnectorSettings& defaults, KeyMode mode, ResourcesPatch resources,
                                             Problems& problems) {
    const ReadContext context{"", patch_text, mode, problems};
    const ParsedJson parsed = parse_json(patch_text, JsonDialect::strict);
    for (const JsonFault& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (!parsed.faults.empty()) return std::nullopt;
    return merge_patch(current, *parsed.root, defaults, resources, context);
}

}  // namespace config
