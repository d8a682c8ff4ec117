#include "server/murano/near_miss.h"

#include "server/murano/timestamps.h"

#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using murano::ResourceTable;

TEST_CASE("[R37] the finding of an undefined alias names the nearest defined one") {
    const ResourceTable resources(config::ConnectorSettings::default_resources());
    struct Row {
        std::string_view alias;
        std::string_view code;
        std::string_view expected;  // in the hint
    };
    const std::array rows = {
        Row{"data_in ", "R37.alias_white_space", "'data_in'? The alias has white space"},
        Row{"\tdata_in", "R37.alias_white_space", "white space"},
        Row{"datain", "R37.misspelt_alias", "'data_in'"},
        Row{"Data_In", "R37.alias_case", "'data_in'? Case matters"},
        Row{"data-out", "R37.misspelt_alias", "'data_out'"},
        Row{"config_oi", "R37.misspelt_alias", "'config_io'"},
        Row{"temperature", "R37.unknown_resource", "Define the resource"},
        Row{"x", "R37.unknown_resource", "Define the resource"},
        Row{" ", "R37.unknown_resource", "Define the resource"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.alias);
        const murano::Finding finding = murano::undefined_alias(row.alias, resources);
        CAPTURE(finding.hint);
        CHECK(finding.code == row.code);
        CHECK(finding.severity == journal::Severity::warning);
        CHECK(finding.hint.find(row.expected) != std::string::npos);
    }
}

TEST_CASE("[R37] a hostile alias costs little and stays out of the sentence's way") {
    const ResourceTable resources(config::ConnectorSettings::default_resources());
    const murano::Finding finding = murano::undefined_alias(std::string(65'000, 'a') + "\x1B[31m", resources);
    CHECK(finding.message.size() < 200);
    CHECK(murano::undefined_alias("a\nb\x1B\x7F\xFF", resources).message.find("'a\\x0ab\\x1b\\x7f\\xff'") !=
          std::string::npos);
}

TEST_CASE("[R40] what is only counted is a finding of its own") {
    CHECK(murano::more_findings(7).code == "R40.more_findings");
    CHECK(murano::more_findings(7).message.find("7 more findings") != std::string::npos);
}

TEST_CASE("[R38] a report that is older than the state says so") {
    const auto one = murano::state_kept({1, "t", 5, 6});
    CHECK(one.code == "R38.older_report");
    CHECK(one.message == "The value of 't' with timestamp 5 changed the history only: the state holds a report of 6.");
    CHECK(murano::state_kept({3, "t", 5, 6}).message.ends_with(" So did 2 more values of this message."));
}

TEST_CASE("a table finds what is defined and nothing else") {
    const ResourceTable resources(config::ConnectorSettings::default_resources());
    REQUIRE(resources.find("data_out") != nullptr);
    CHECK(resources.find("data_out")->settable());
    CHECK(resources.find("data_out")->alias() == "data_out");
    CHECK(resources.find("data_ou") == nullptr);
    CHECK(ResourceTable().find("data_out") == nullptr);
}
