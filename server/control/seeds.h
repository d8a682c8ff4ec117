#pragma once
// What the settings file creates: connectors, identities with credentials, values, content. At each start its settings
// win; identities and content are created if missing and never overwritten.

#include "config/connector_seed.h"
#include "server/core/device_table.h"
#include "server/device/state.h"

#include <filesystem>
#include <map>
#include <string>

namespace device {

class Seeds {
  public:
    using Map = std::map<std::string, config::ConnectorSeed, std::less<>>;

    Seeds(Context& context, DeviceTable& table, State& state, std::filesystem::path content_dir)
        : context_(context), table_(table), state_(state), content_dir_(std::move(content_dir)) {}

    void use(Map seeds) { seeds_ = std::move(seeds); }

    // Everything in the file, or one connector's part. Throws std::runtime_error if a content file cannot be read.
    void apply_all();
    void apply(std::string_view connector);
    void apply(std::string_view connector, std::string_view identity);  // the connector exists
    bool names(std::string_view connector, std::string_view identity) const;

  private:
    void apply(const std::string& id, const config::ConnectorSeed& seed);
    void add_identity(Connector& connector, const std::string& identity, const config::IdentitySeed& seed);
    void add_values(Device& device, const config::IdentitySeed& seed, const runtime::Now& now);
    void add_content(Connector& connector, const std::string& id, const config::ContentSeed& seed);

    Context& context_;
    DeviceTable& table_;
    State& state_;
    std::filesystem::path content_dir_;
    Map seeds_;
};

}  // namespace device
