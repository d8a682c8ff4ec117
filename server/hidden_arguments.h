#pragma once
// Any user of the machine can read the command line of any process, so secrets in it are overwritten once read. They
// were visible until then, and stay in the shell's history: the environment and the settings file are better places.

#include <span>

namespace app {

// `arguments`: of main(), without the program's name. Keeps their lengths.
void hide_secret_arguments(std::span<char*> arguments);

}  // namespace app
