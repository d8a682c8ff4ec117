# One CMake target per box (folder). A box may include only what it depends on: script/check-includes enforces it
# on the sources, and the link lines below say the same to the linker.

add_library(murano_flags INTERFACE)
target_compile_options(murano_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Werror)
target_include_directories(murano_flags INTERFACE ${PROJECT_SOURCE_DIR})

add_library(third_party INTERFACE)
target_include_directories(third_party SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIRS} ${Boost_INCLUDE_DIRS} ${RE2_INCLUDE_DIR})
# std::string in RapidJSON, and exact numbers on request; Asio without its deprecated names.
target_compile_definitions(third_party INTERFACE RAPIDJSON_HAS_STDSTRING=1 BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY)

if(MURANO_FUZZ)
  # A relative path, so that other clones can share the compiler cache.
  file(RELATIVE_PATH ignorelist ${CMAKE_BINARY_DIR} ${PROJECT_SOURCE_DIR}/cmake/sanitizer-ignorelist.txt)
  target_compile_options(third_party INTERFACE -fsanitize-ignorelist=${ignorelist})
endif()

# murano_box(NAME [ROOMS folder...] [LINK target...]): every .cpp of the folder and of these rooms in it, except
# main.cpp, becomes the library box_NAME.
function(murano_box name)
  cmake_parse_arguments(BOX "" "" "ROOMS;LINK" ${ARGN})
  set(patterns ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(room ${BOX_ROOMS})
    list(APPEND patterns ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(box_${name} STATIC ${sources})
    target_link_libraries(box_${name} PUBLIC ${BOX_LINK} PRIVATE murano_flags)
    target_include_directories(box_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  else()
    add_library(box_${name} INTERFACE)
    target_link_libraries(box_${name} INTERFACE ${BOX_LINK})
    target_include_directories(box_${name} INTERFACE ${PROJECT_SOURCE_DIR})
  endif()
endfunction()
