# What targets need besides their own file; the unit tests that replay their seeds need the same.

file(GLOB fuzz_net_session_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/targets/net_session/*.cpp)
list(APPEND fuzz_net_session_sources
  ${CMAKE_CURRENT_LIST_DIR}/../support/memory_reader.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/memory_snapshot.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/memory_store.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/packet_builder.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/world/life.cpp)
# The session drives whole devices, and the control side and faults beside them.
set(fuzz_net_session_boxes box_control box_fault_tap)
# A snapshot is made by a store of its own.
set(fuzz_control_snapshot_sources ${CMAKE_CURRENT_LIST_DIR}/../unit/storage/store_fixture.cpp)
