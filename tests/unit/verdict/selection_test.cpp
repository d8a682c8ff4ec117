#include "server/verdict/selection.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace {

using Rows = std::vector<const verdict::CheckRow*>;

Rows rows(const verdict::Selection& selection) {
    auto selected = verdict::select(selection);
    REQUIRE(std::holds_alternative<Rows>(selected));
    return std::get<Rows>(selected);
}

std::string error(const verdict::Selection& selection) {
    auto selected = verdict::select(selection);
    REQUIRE(std::holds_alternative<verdict::SelectionError>(selected));
    return std::get<verdict::SelectionError>(selected).what;
}

}  // namespace

TEST_CASE("soak is all watch checks and ROB-02") {
    const auto chosen = verdict::select({.suite = "soak"});
    const auto& rows = std::get<std::vector<const verdict::CheckRow*>>(chosen);
    CHECK(std::ranges::count_if(rows, [](const auto* row) { return row->act != nullptr; }) == 1);
    CHECK(std::ranges::any_of(rows, [](const auto* row) { return row->id == "ROB-02"; }));
}

TEST_CASE("globs know * and ?, and no difference of upper and lower case") {
    CHECK(verdict::matches_glob("CON-*", "CON-01"));
    CHECK(verdict::matches_glob("con-0?", "CON-01"));
    CHECK(verdict::matches_glob("*", "CON-01"));
    CHECK(verdict::matches_glob("*-0*1", "CON-01"));
    CHECK_FALSE(verdict::matches_glob("CON", "CON-01"));
    CHECK_FALSE(verdict::matches_glob("CON-01?", "CON-01"));
    CHECK_FALSE(verdict::matches_glob("", "CON-01"));
}

TEST_CASE("a glob of many stars takes no longer than its length") {
    const std::string stars(2'000, '*');
    CHECK_FALSE(verdict::matches_glob(stars + "x", std::string(2'000, 'a')));
    std::string pairs;
    for (int i = 0; i < 1'000; ++i) pairs += "*a";
    CHECK_FALSE(verdict::matches_glob(pairs + "b", std::string(2'000, 'a')));
}

TEST_CASE("full has all checks, quick a part of them, in the order of the table") {
    CHECK(rows({.suite = "full"}).size() == verdict::check_table().size());
    const Rows quick = rows({});
    CHECK(quick.size() < verdict::check_table().size());
    CHECK(std::ranges::is_sorted(quick));
}

TEST_CASE("only takes from all checks, skip takes away") {
    CHECK(rows({.only = {"SES-02"}}).size() == 1);
    CHECK(rows({.only = {"PUB-*"}, .skip = {"PUB-01", "pub-02"}}).size() == rows({.only = {"PUB-*"}}).size() - 2);
}

TEST_CASE("what fits nothing is an error that names the group's checks") {
    CHECK(error({.only = {"PUB-99"}}).starts_with("no check fits 'PUB-99': there are PUB-01, PUB-02"));
    CHECK(error({.skip = {"XYZ-1"}}) == "no check fits 'XYZ-1'");
    CHECK(error({.suite = "fast"}) == "the suite 'fast' is unknown: there are quick, full and soak");
    CHECK(error({.only = {"TLS-01"}, .skip = {"TLS-*"}}).starts_with("nothing is left"));
}
