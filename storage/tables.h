#pragma once
// The tables of the newest version, by name, for code that visits all of them (snapshots, recovery, reset's test).
// test).

#include <span>
#include <string_view>

namespace storage {

struct Table {
    std::string_view name;
    std::string_view forwards;   // ORDER BY of the primary key
    std::string_view backwards;  // ORDER BY in the opposite order
};

std::span<const Table> tables();

// The keys of `meta` that belong to the devices' state; others belong to the data folder: no snapshot contains or
// changes them.
std::span<const std::string_view> state_meta();

}  // namespace storage
