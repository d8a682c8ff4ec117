#include "config/nearest.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

const std::vector<std::string> keys = {"data_dir", "domain", "data_in", "data_out"};

TEST_CASE("the nearest name is found over a typo, a swap and another case") {
    CHECK(config::nearest("data_dr", keys) == "data_dir");
    CHECK(config::nearest("doamin", keys) == "domain");
    CHECK(config::nearest("DATA_OUT", keys) == "data_out");
    CHECK(config::nearest("data_in ", keys) == "data_in");
}

TEST_CASE("what is far from everything gets no suggestion") {
    CHECK(!config::nearest("zzzz", keys));
    CHECK(!config::nearest("", keys));
    CHECK(!config::nearest(std::string(100'000, 'd'), keys));
}

TEST_CASE("the distance counts inserts, deletes, replacements and swaps of neighbours") {
    CHECK(config::edit_distance("", "abc") == 3);
    CHECK(config::edit_distance("abc", "abc") == 0);
    CHECK(config::edit_distance("abcd", "acbd") == 1);
    CHECK(config::edit_distance("kitten", "sitting") == 3);
}

}  // namespace
