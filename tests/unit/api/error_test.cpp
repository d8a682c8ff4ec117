// The code and the status that each kind of failure has on the wire: clients match them.
#include "server/api/base/error.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

TEST_CASE("each kind of failure has its code and its status") {
    using Kind = device::ErrorKind;
    const std::vector<std::pair<Kind, std::string>> rows{{Kind::bad_request, "400 bad_request"},
                                                         {Kind::bad_identity, "400 bad_identity"},
                                                         {Kind::bad_name, "400 bad_name"},
                                                         {Kind::bad_snapshot, "400 bad_snapshot"},
                                                         {Kind::bad_topic, "400 bad_topic"},
                                                         {Kind::bad_value, "400 bad_value"},
                                                         {Kind::not_settable, "400 not_settable"},
                                                         {Kind::not_found, "404 not_found"},
                                                         {Kind::conflict, "409 conflict"},
                                                         {Kind::exists, "409 exists"},
                                                         {Kind::limit, "409 limit"},
                                                         {Kind::full, "507 limit"},
                                                         {Kind::newer_version, "409 newer_version"},
                                                         {Kind::stopping, "503 stopping"},
                                                         {Kind::storage, "507 storage"},
                                                         {Kind::unreadable, "500 storage"}};
    for (const auto& row : rows) {
        const api::Error error(device::ControlError{row.first, "why", "$.where"});
        CHECK(std::to_string(error.status) + ' ' + error.code == row.second);
        CHECK(error.message == "why");
        CHECK(error.path == "$.where");
    }
}
