#include "storage/tables.h"

#include <array>

namespace storage {
namespace {

constexpr std::array all{
    Table{"connectors", "connector", "connector DESC"},
    Table{"identities", "device_id", "device_id DESC"},
    Table{"device_values", "device_id, alias", "device_id DESC, alias DESC"},
    Table{"sessions", "device_id, client_id", "device_id DESC, client_id DESC"},
    Table{"content", "connector, id", "connector DESC, id DESC"},
    Table{"journal", "first_cursor", "first_cursor DESC"},
    Table{"hidden_events", "connector, identity", "connector DESC, identity DESC"},
    Table{"meta", "key", "key DESC"},
    Table{"counters", "name", "name DESC"},
};

constexpr std::array<std::string_view, 1> kept_with_the_state{"clock"};

}  // namespace

std::span<const Table> tables() {
    return all;
}

std::span<const std::string_view> state_meta() {
    return kept_with_the_state;
}

}  // namespace storage
