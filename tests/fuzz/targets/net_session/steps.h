#pragma once
// The input as a sequence of steps: the first byte selects quirks, then each step is a byte for the action and some for
// its details. Any input is valid; the choices are close to the rules' limits.

#include "tests/fuzz/targets/net_session/bytes.h"
#include "tests/fuzz/targets/net_session/world.h"

#include <string_view>

namespace fuzz::session {

inline constexpr std::size_t most_steps = 150;

void packet_step(World& world, Bytes& bytes);    // a client sends something
void control_step(World& world, Bytes& bytes);   // a call of the control API
void store_step(World& world, Bytes& bytes);     // turns end, commits end, time passes, the server crashes
void snapshot_step(World& world, Bytes& bytes);  // snapshots are saved, spoilt, imported and loaded
void fault_step(World& world, Bytes& bytes);     // faults are added and removed
void reader_step(World& world, Bytes& bytes);    // a client reads the journal in pages

Owner choose_owner(Bytes& bytes);

}  // namespace fuzz::session

namespace fuzz {

void net_session(std::string_view input);

}  // namespace fuzz
