// The seeds of the fuzz target, and what fuzzing found, as an ordinary test.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/fault_description.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of fault descriptions keep their properties") {
    CHECK(test::replay("fuzz_faults_description", fuzz::fault_description, test::Damage::every_byte) >= 8);
}
