#include "server/cli/doctor.h"

#include "server/cli/help_text.h"
#include "server/cli/tls_probe.h"

#include <doctest/doctest.h>

namespace {

TEST_CASE("a machine in 1970 is told to set its clock") {
    const auto wrong = cli::clock_diagnosis(86'400);
    CHECK(wrong.health == cli::Health::wrong);
    CHECK(wrong.message.find("1970-01-02") != std::string::npos);
    CHECK(wrong.remedy.find("Set the clock") != std::string::npos);
    CHECK(cli::clock_diagnosis(1'800'000'000).health == cli::Health::good);
}

TEST_CASE("an address is no host name") {
    CHECK(cli::is_ip_address("127.0.0.1"));
    CHECK(cli::is_ip_address("::1"));
    CHECK(!cli::is_ip_address("localhost"));
    CHECK(!cli::is_ip_address("1.2.3"));
}

TEST_CASE("help texts go on in a column of their own, and long words are never cut") {
    const std::string word(60, 'x');
    CHECK(cli::wrapped("  --a  ", word + " " + word, 7) == "  --a  " + word + "\n       " + word + "\n");
    CHECK(cli::wrapped("  --a", "", 7) == "  --a\n");
    CHECK(cli::reflowed("one\ntwo\n\n  kept as it is\nthree\n") == "one two\n\n  kept as it is\nthree\n");
}

}  // namespace
