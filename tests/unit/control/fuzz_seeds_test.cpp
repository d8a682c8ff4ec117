// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/control_snapshot.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of spoilt snapshots are refused, or read whole") {
    CHECK(test::replay("fuzz_control_snapshot", fuzz::control_snapshot, test::Damage::none) >= 4);
}
