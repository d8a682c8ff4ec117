#include "server/cli/text_table.h"

#include "server/cli/progress_bar.h"

#include <sstream>

#include <doctest/doctest.h>

namespace {

TEST_CASE("columns line up by characters, and lines have no blanks at their end") {
    cli::TextTable table({"NAME", "VALUE"});
    table.add({"ä", "1"});
    table.add({"longer", ""});
    std::ostringstream out;
    table.print(out);
    CHECK(out.str() == "NAME    VALUE\nä       1\nlonger\n");
}

TEST_CASE("nothing that a device sent can command the terminal") {
    CHECK(cli::printable("a\x1b[2J\n\t\x7f") == "a\\x1b[2J\\n\\t\\x7f");
    CHECK(cli::printable("\xc2\x9b"
                         "1mä") == "\\u009b1mä");
    CHECK(cli::printable("a\u202eb\u2028c€ \ufeff") == "a\\u202eb\\u2028c€ \\ufeff");
}

TEST_CASE("long values are cut between characters") {
    CHECK(cli::shortened("äöü", 3) == "äöü");
    CHECK(cli::shortened("äöü", 2) == "äö…");
}

TEST_CASE("times and sizes are for reading") {
    CHECK(cli::time_text(std::int64_t{1'600'000'000'123'456}) == "2020-09-13 12:26:40.123 UTC");
    CHECK(cli::time_text(std::int64_t{0}) == "-");
    CHECK(cli::time_text(std::string("x")) == "x");
    CHECK(cli::size_text(999) == "999 B");
    CHECK(cli::size_text(1'500'000) == "1.5 MB");
}

TEST_CASE("the progress line tells how far a transfer is, as far as that is known") {
    CHECK(cli::progress_line("a", 50, 100) == "a [############------------]  50 %  50 B of 100 B");
    CHECK(cli::progress_line("a", 2000, 0) == "a  2.0 kB");
    std::ostringstream out;
    {
        cli::ProgressBar bar(out, "a", false);
        bar.begin(10);
        bar.at(5);
    }
    CHECK(out.str().empty());
}

}  // namespace
