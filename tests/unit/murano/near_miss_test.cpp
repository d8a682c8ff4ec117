#include "server/murano/near_miss.h"

#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using murano::ResourceTable;

TEST_CASE("[R37] the finding of an undefined alias names the nearest defined one") {
    const ResourceTable resources(config::ConnectorSettings::default_resources());
    struct Row {
        std::string_view alias;
        std::string_view expected;  // in the hint
    };
    const std::array rows = {
        Row{"data_in ", "'data_in'? The alias has white space"},
        Row{"\tdata_in", "white space"},
        Row{"datain", "'data_in'"},
        Row{"Data_In", "'data_in'? Upper and lower case"},
        Row{"data-out", "'data_out'"},
        Row{"config_oi", "'config_io'"},
        Row{"temperature", "Define the resource"},
        Row{"x", "Define the resource"},
        Row{" ", "Define the resource"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.alias);
        const murano::Finding finding = murano::undefined_alias(row.alias, resources);
        CAPTURE(finding.hint);
        CHECK(finding.rule == "R37");
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

TEST_CASE("a table finds what is defined and nothing else") {
    const ResourceTable resources(config::ConnectorSettings::default_resources());
    REQUIRE(resources.find("data_out") != nullptr);
    CHECK(resources.find("data_out")->settable());
    CHECK(resources.find("data_out")->alias() == "data_out");
    CHECK(resources.find("data_ou") == nullptr);
    CHECK(ResourceTable().find("data_out") == nullptr);
}
