# `cpack -G DEB` and `cpack -G TGZ`, called by script/package.

set(CPACK_PACKAGE_NAME murano-emulator)
set(CPACK_PACKAGE_VENDOR "The murano-emulator authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "A server on your own machine that behaves like Exosite Murano's MQTT endpoint: unmodified
device firmware provisions, reports, receives and downloads against it, without an account and without the internet.")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 2)

find_program(DPKG dpkg)
if(CMAKE_CROSSCOMPILING OR NOT DPKG)
  set(architecture ${CMAKE_SYSTEM_PROCESSOR})
  # Debian's words, as everywhere else.
  string(REPLACE x86_64 amd64 architecture ${architecture})
  string(REPLACE aarch64 arm64 architecture ${architecture})
else()
  execute_process(COMMAND ${DPKG} --print-architecture OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(CPACK_PACKAGE_FILE_NAME "murano-emulator-${PROJECT_VERSION}-linux-${architecture}")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)  # murano-emulator_0.1.0_amd64.deb
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${CPACK_PACKAGE_VENDOR} <murano-emulator@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS procps)  # the unit reloads with its kill
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/postinst;${PROJECT_SOURCE_DIR}/packaging/prerm)

include(CPack)
