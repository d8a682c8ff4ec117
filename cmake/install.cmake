# What `cmake --install` puts where, and the packages that cpack makes of it. The man page and the completions come
# from the binary itself; a cross build runs it with CMAKE_CROSSCOMPILING_EMULATOR.

include(GNUInstallDirs)
find_package(Python3 COMPONENTS Interpreter)

set(extras ${CMAKE_BINARY_DIR}/extras)
set(made ${extras}/murano-emulator.bash ${extras}/_murano-emulator ${extras}/murano-emulator.fish
  ${extras}/settings.schema.json ${extras}/suite.schema.json)
file(MAKE_DIRECTORY ${extras})
add_custom_command(OUTPUT ${made}
  COMMAND murano-emulator completion bash > ${extras}/murano-emulator.bash
  COMMAND murano-emulator completion zsh > ${extras}/_murano-emulator
  COMMAND murano-emulator completion fish > ${extras}/murano-emulator.fish
  COMMAND murano-emulator config schema settings > ${extras}/settings.schema.json
  COMMAND murano-emulator config schema suite > ${extras}/suite.schema.json
  DEPENDS murano-emulator VERBATIM)

if(Python3_Interpreter_FOUND AND NOT CMAKE_CROSSCOMPILING)
  set(man_page ${extras}/murano-emulator.1)
  add_custom_command(OUTPUT ${man_page}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/script/manual $<TARGET_FILE:murano-emulator> --man ${man_page}
    DEPENDS murano-emulator ${PROJECT_SOURCE_DIR}/script/manual VERBATIM)
  install(FILES ${man_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
  message(STATUS "No man page: it is written by script/manual, which needs python3 and a binary that runs here")
endif()
add_custom_target(extras ALL DEPENDS ${made} ${man_page})

install(TARGETS murano-emulator RUNTIME)
install(FILES ${extras}/murano-emulator.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME murano-emulator)
install(FILES ${extras}/_murano-emulator DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${extras}/murano-emulator.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${extras}/settings.schema.json ${extras}/suite.schema.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/murano-emulator)
# Not among the documents, which container images leave out.
install(DIRECTORY clients DESTINATION ${CMAKE_INSTALL_DATADIR}/murano-emulator USE_SOURCE_PERMISSIONS
  PATTERN __pycache__ EXCLUDE PATTERN node_modules EXCLUDE)
# The examples that clients/README.md names.
install(FILES tests/integration/suites/firmware.test.js tests/integration/suites/firmware_test.c
  DESTINATION ${CMAKE_INSTALL_DATADIR}/murano-emulator/tests/integration/suites)
# The documents lie as they do in the tree, so that their links lead somewhere.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md action.yml DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docker DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.yaml PATTERN *.jsonc PATTERN *.cfg)
install(FILES config/example.jsonc DESTINATION ${CMAKE_INSTALL_DOCDIR}/config)
install(FILES packaging/murano-emulator.service.in DESTINATION ${CMAKE_INSTALL_DOCDIR}/packaging)
install(CODE "file(CREATE_LINK ../../murano-emulator/clients
  \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/clients\" SYMBOLIC)")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES config/example.jsonc packaging/murano-emulator.env DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
configure_file(packaging/murano-emulator.service.in ${extras}/murano-emulator.service @ONLY)
install(FILES ${extras}/murano-emulator.service DESTINATION lib/systemd/system)

include(cmake/packages.cmake)
