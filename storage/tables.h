#pragma once
// The tables of the newest version, by name: for whoever goes through all of them (snapshots, recovery, reset's test).

#include <span>
#include <string_view>

namespace storage {

struct Table {
    std::string_view name;
    std::string_view forwards;   // ORDER BY of the primary key
    std::string_view backwards;  // and the other way round
};

std::span<const Table> tables();

// The keys of `meta` that belong to the state of the devices' world; others belong to the data folder, and neither
// leave it nor change by a snapshot.
std::span<const std::string_view> state_meta();

}  // namespace storage
