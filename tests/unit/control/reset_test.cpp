#include "server/control/reset.h"

#include "storage/tables.h"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

std::vector<std::string> named_tables() {
    std::vector<std::string> names;
    for (const auto& part : device::resettables()) names.insert(names.end(), part.tables.begin(), part.tables.end());
    const auto staying = device::tables_that_stay();
    names.insert(names.end(), staying.begin(), staying.end());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("every table of the database is reset or stays on purpose, and none twice") {
    std::vector<std::string> all;
    for (const auto& table : storage::tables()) all.emplace_back(table.name);
    std::sort(all.begin(), all.end());
    CHECK(named_tables() == all);
}

TEST_CASE("every part is reset with everything; what has no identities says so by having no function") {
    for (const auto& part : device::resettables()) {
        CAPTURE(part.name);
        CHECK((part.everything != nullptr));
        CHECK((part.connector != nullptr));
        CHECK((part.identity != nullptr || part.name == "clock"));
    }
}
