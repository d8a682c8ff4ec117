#include "server/api/content/version.h"

namespace api {

net::FileVersion version_of(const storage::ContentRow& row) {
    // Items of the settings file have no digest; a file's name is of one version alone.
    const std::string& tag = row.sha256.empty() ? row.file : row.sha256;
    return {'"' + tag + '"', row.last_modified_us, row.length};
}

std::optional<Error> refuse_condition(Services& services, const net::HttpHead& request, const std::string& connector,
                                      const std::string& id) {
    const auto row = services.content.content_item(connector, id);
    const auto version = row ? std::optional(version_of(*row)) : std::nullopt;
    if (net::check_conditions(request, version) == net::ConditionVerdict::holds) return std::nullopt;
    return Error{
        412, "precondition_failed", "the condition of the request does not hold for the item that is there now", {}};
}

}  // namespace api
