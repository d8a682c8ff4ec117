#include "tests/unit/storage/store_fixture.h"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

std::string value_of(Reader& reader) {
    return reader.values(1).at(0).reported.value();
}

}  // namespace

TEST_CASE("within a view all reads see the same commit, behind it the newest") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Reader& reader = running.reader();
    REQUIRE(running.value(1, make_value("a", "old")).ok);
    {
        const Reader::View view(reader);
        CHECK(value_of(reader) == "old");
        {
            const Reader::View within(reader);
            REQUIRE(running.value(1, make_value("a", "new")).ok);
            CHECK(value_of(reader) == "old");
        }
        CHECK(value_of(reader) == "old");
    }
    CHECK(value_of(reader) == "new");
}

TEST_CASE("a view ends where a read throws, and the next one sees the newest commit") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Reader& reader = running.reader();
    REQUIRE(running.value(1, make_value("a", "old")).ok);
    const auto fails = [&reader] {
        const Reader::View view(reader);
        CHECK(value_of(reader) == "old");
        reader.each_identity("local", "", [](const IdentityGlance&) -> bool { throw std::runtime_error("stop"); });
    };
    REQUIRE(running.change(PutIdentity{make_identity(1, "local", "d")}).ok);
    CHECK_THROWS_WITH(fails(), "stop");
    REQUIRE(running.value(1, make_value("a", "new")).ok);
    const Reader::View view(reader);
    CHECK(value_of(reader) == "new");
}

}  // namespace storage
