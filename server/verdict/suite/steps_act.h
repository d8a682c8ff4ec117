#pragma once
// A custom check as an act: runs its steps one after the other. [verdict.md 4]

#include "server/verdict/act.h"
#include "server/verdict/suite/suite_file.h"

#include <memory>

namespace verdict::suite {

std::unique_ptr<Act> act_of_steps(const Custom& check);

}  // namespace verdict::suite
