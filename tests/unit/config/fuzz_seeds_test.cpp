// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/settings.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of settings files keep their properties") {
    CHECK(test::replay("fuzz_config_settings", fuzz::settings, test::Damage::none) >= 6);
}
