#pragma once
// Resets everything, one connector, or one identity to the settings file's state. ONE table names everything that has
// state; what is not in it is not reset, and a test fails for a database table that is not named there.

#include "server/control/content_files.h"
#include "server/control/seeds.h"
#include "server/device/expiry.h"
#include "server/device/lifecycle.h"
#include "server/journal/hidden_events.h"

#include <span>
#include <string_view>

namespace device {

struct ResetParts {
    Context& context;
    DeviceTable& table;
    Lifecycle& lifecycle;
    Seeds& seeds;
    Expiry& expiry;
    ContentFiles& files;
    journal::HiddenEvents& hidden;
};

// A null function: the part has nothing of that scope. Called in the order of the table.
struct Resettable {
    std::string_view name;
    std::span<const std::string_view> tables;  // of the database
    void (*everything)(ResetParts& parts);
    void (*connector)(ResetParts& parts, std::string_view connector);
    void (*identity)(ResetParts& parts, std::string_view connector, std::string_view identity);
};

std::span<const Resettable> resettables();

// Tables that no reset touches, because their content must never go back: the counters of ids and cursors.
std::span<const std::string_view> tables_that_stay();

// Walks the table. Both names empty: everything; only the identity empty: the connector, which need not exist. An
// identity must exist or be named in the settings file.
Failure reset(ResetParts& parts, std::string_view connector, std::string_view identity);

}  // namespace device
