// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/simulator.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of a simulated device's life keep their properties") {
    CHECK(test::replay("fuzz_simulator_device", fuzz::simulated_device, test::Damage::every_byte) >= 4);
}

TEST_CASE("the seeds of profiles keep their properties") {
    CHECK(test::replay("fuzz_simulator_profile", fuzz::simulated_profile, test::Damage::every_byte) >= 4);
}
