# A build for another machine with Debian's cross compiler and its multi-arch libraries; what is built runs in qemu.
# cmake -DCMAKE_TOOLCHAIN_FILE=cmake/cross.cmake -DMURANO_MACHINE=aarch64

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${MURANO_MACHINE})
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MURANO_MACHINE)
set(CMAKE_C_COMPILER ${MURANO_MACHINE}-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER ${MURANO_MACHINE}-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${MURANO_MACHINE}-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_STRIP ${MURANO_MACHINE}-linux-gnu-strip)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${MURANO_MACHINE}-static)
