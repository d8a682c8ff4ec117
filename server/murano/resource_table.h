#pragma once
// A connector's resources, prepared once when its settings change. Read-only afterwards; any thread.

#include "config/connector_settings.h"
#include "server/murano/value_format.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace murano {

class ResourceTable {
  public:
    using Definitions = std::map<std::string, config::ResourceDefinition, std::less<>>;
    using Map = std::map<std::string, ResourceRules, std::less<>>;

    ResourceTable() = default;
    explicit ResourceTable(const Definitions& definitions) {
        for (const auto& [alias, definition] : definitions) rules_.emplace(alias, ResourceRules(alias, definition));
    }

    // nullptr: undefined. Valid as long as the table lives.
    const ResourceRules* find(std::string_view alias) const {
        const auto found = rules_.find(alias);
        return found == rules_.end() ? nullptr : &found->second;
    }

    Map::const_iterator begin() const { return rules_.begin(); }
    Map::const_iterator end() const { return rules_.end(); }

  private:
    Map rules_;
};

}  // namespace murano
