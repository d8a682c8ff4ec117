#pragma once
// How near a refused credential was to a valid one. [D20] Called only after the refusal is decided, so it changes
// nothing on the wire. Loop thread only.

#include "server/core/device_table.h"
#include "server/murano/authenticator.h"
#include "server/murano/secret_text.h"

#include <optional>
#include <string_view>

namespace device {

class LoginDoubts {
  public:
    explicit LoginDoubts(DeviceTable& table) : table_(table) {}

    // `named`: the device named by Username, or nullptr.
    std::optional<murano::NearMiss> look(Connector& connector, const murano::LoginFields& fields, const Device* named);

  private:
    using Miss = murano::NearMiss;
    std::optional<Miss> wrong_field(Connector& connector, const murano::LoginFields& fields);
    std::optional<Miss> trimmed(Connector& connector, std::string_view password, const Device* named);
    std::optional<Miss> cut_short(Connector& connector, std::string_view password, const Device* named);
    std::optional<Miss> somebody_elses(Connector& connector, std::string_view name, std::string_view password);
    std::optional<Miss> misspelt_name(Connector& connector, std::string_view name, std::string_view password);
    std::optional<Miss> of_another_connector(const Connector& connector, std::string_view password);
    const Device* owner_of(Connector& connector, std::string_view key, const Device* named);

    DeviceTable& table_;
};

}  // namespace device
