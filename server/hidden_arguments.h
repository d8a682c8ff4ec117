#pragma once
// Any user of the machine may read the command line of any process: secrets in it are overwritten once they are read.
// Until then, and for the shell's history, they have been there: the environment and the settings file are better
// places.

#include <span>

namespace app {

// `arguments`: of main(), without the program's name. Keeps their lengths.
void hide_secret_arguments(std::span<char*> arguments);

}  // namespace app
