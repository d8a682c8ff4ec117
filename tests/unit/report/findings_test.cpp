#include "server/report/findings.h"

#include "server/report/report_writer.h"

#include <doctest/doctest.h>

using namespace report;

namespace {

constexpr std::size_t plenty = 1'000'000;

// A finding as devices leave it; what a test is about it changes.
struct Told {
    journal::FindingPayload finding{"R37.misspelt_alias",
                                    journal::Severity::warning,
                                    "No resource \"q\" is defined.",
                                    "Did you mean?",
                                    "PUBLISH",
                                    std::nullopt,
                                    "$resource/q"};
    journal::Event event;
    std::int64_t cursor = 1;

    Told() {
        event.type = journal::EventType::finding;
        event.connector = "c1";
        event.identity = "d";
        event.ip = "192.0.2.7";
        event.timestamp_us = 1'700'000'000'000'000;
    }
    Told& at(std::int64_t us) {
        event.timestamp_us = us;
        return *this;
    }
    journal::Recorded recorded() {
        event.payload = finding;
        return {cursor++, event};
    }
};

std::string json_of(const Entry& entry) {
    return config::to_json_text(entry_json(entry));
}

}  // namespace

TEST_CASE("a mistake that a device repeats is one entry with its count, first and last time and first example") {
    Findings findings(Folding::one_for_each_mistake, plenty, 1000);
    Told told;
    for (int second = 0; second < 7; ++second) findings.add(told.at(1'000'000 * (second + 1)).recorded());
    REQUIRE(findings.entries().size() == 1);
    const auto& entry = findings.entries().front();
    CHECK(entry.count == 7);
    CHECK(entry.first_us == 1'000'000);
    CHECK(entry.last_us == 7'000'000);
    CHECK(json_of(entry).find("\"cursor\":1,") != std::string::npos);
    CHECK(json_of(entry).ends_with(R"("count":7,"first_timestamp":1000000,"last_timestamp":7000000})"));
    CHECK(findings.counts().warnings.entries == 1);
    CHECK(findings.counts().warnings.findings == 7);
}

TEST_CASE("another device, connector, code, severity, packet, topic or sentence is another entry") {
    Findings findings(Folding::one_for_each_mistake, plenty, 1000);
    Told told;
    findings.add(told.recorded());
    std::size_t entries = 1;
    const auto differs = [&](auto change) {
        Told other;
        change(other);
        findings.add(other.recorded());
        CHECK(findings.entries().size() == ++entries);
    };
    differs([](Told& other) { other.event.identity = "e"; });
    differs([](Told& other) { other.event.connector = "c2"; });
    differs([](Told& other) { other.finding.code = "R37.alias_case"; });
    differs([](Told& other) { other.finding.severity = journal::Severity::violation; });
    differs([](Told& other) { other.finding.packet_type = "SUBSCRIBE"; });
    differs([](Told& other) { other.finding.topic = "$resource/r"; });
    differs([](Told& other) { other.finding.message = "It was dropped."; });
    differs([](Told& other) { other.event.identity = ""; });
    differs([](Told& other) {
        other.event.identity = "";
        other.event.ip = "192.0.2.8";
    });
    differs([](Told& other) {
        other.event.identity = "";
        other.finding.claimed_identity = "f";
    });
}

TEST_CASE("values and times in a sentence or a topic are no other mistake, numbers of names are") {
    CHECK(without_numbers("The value of \"temp1\" is \"21,5\" at byte 12.") ==
          "The value of \"temp1\" is \"#,#\" at byte #.");
    CHECK(without_numbers("$resource/config_io/1531111131679000") == "$resource/config_io/#");
    CHECK(without_numbers("a_1531111131679000") == "a_#");
    CHECK(without_numbers("ä1 1") == "ä1 #");
    CHECK(without_numbers("") == "");
    Findings findings(Folding::one_for_each_mistake, plenty, 1000);
    Told told;
    for (const auto* value : {"\"21,5\" is no number", "\"22,75\" is no number"}) {
        told.finding.message = value;
        findings.add(told.recorded());
    }
    CHECK(findings.entries().size() == 1);
}

TEST_CASE("a device that is known by what it claimed is the same when it is known for certain") {
    Findings findings(Folding::one_for_each_mistake, plenty, 1000);
    Told told;
    findings.add(told.recorded());
    told.event.identity = "";
    told.finding.claimed_identity = "d";
    findings.add(told.recorded());
    CHECK(findings.entries().size() == 1);
}

TEST_CASE("without folding each finding is an entry, and other events are none") {
    Findings findings(Folding::none, plenty, 1000);
    Told told;
    findings.add(told.recorded());
    findings.add(told.recorded());
    journal::Event connect;
    findings.add({9, connect});
    CHECK(findings.entries().size() == 2);
    CHECK(findings.counts().warnings.entries == 2);
}

TEST_CASE("what does not fit is left out, but counted: a report never looks better than it is") {
    Findings findings(Folding::one_for_each_mistake, 1, 1000);
    Told told;
    findings.add(told.recorded());
    told.finding.severity = journal::Severity::violation;
    findings.add(told.recorded());
    findings.add(told.recorded());
    CHECK(findings.entries().size() == 1);
    CHECK(findings.counts().left_out == 2);
    CHECK(findings.counts().violations.entries == 2);
    CHECK(findings.bytes() > 1);
}
