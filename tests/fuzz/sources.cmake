# What targets need besides their own file; the unit tests that replay their seeds need the same.

file(GLOB fuzz_net_session_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/targets/net_session/*.cpp)
list(APPEND fuzz_net_session_sources
  ${CMAKE_CURRENT_LIST_DIR}/../support/memory_reader.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/memory_store.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../support/packet_builder.cpp)
