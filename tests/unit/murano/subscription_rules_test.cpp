#include "server/murano/subscription_rules.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using murano::Client;
using murano::FilterDecision;

namespace {

FilterDecision decide(std::string_view filter) {
    std::string unused;
    return murano::decide_filter(filter, Client{"12345"}, {}, unused);
}

}  // namespace

TEST_CASE("[R32, R33, R36, D18] a device is granted its reserved topics") {
    for (const std::string_view filter :
         {"$content", "$provision/12345", "$resource/#", "$resource/+", "$resource/data_in", "$resource/undefined",
          "$resource.batch", "$resource/+/+", "$resource/data_in/+", "$resource/data_in/#"}) {
        CAPTURE(filter);
        const FilterDecision decision = decide(filter);
        CHECK(decision.granted);
        CHECK(decision.reserved);
        CHECK_FALSE(decision.finding.has_value());
    }
}

TEST_CASE("[R34] a device is refused other reserved topics, with a finding") {
    struct Refused {
        std::string_view filter, code;
    };
    const Refused rows[] = {
        {"$provision/other", "R34.other_device"},
        {"$provision/+", "R34.other_device"},
        {"$provision/#", "R34.other_device"},
        {"$provision", "R34.other_device"},
        {"$provision/", "R34.other_device"},
        {"$provision/12345/#", "R34.other_device"},
        {"$resource", "R34.resource_filter"},
        {"$resource/", "R34.resource_filter"},
        {"$content/#", "R34.content_filter"},
        {"$content/+", "R34.content_filter"},
        {"$SYS/#", "R34.unknown_filter"},
        {"$foo", "R34.unknown_filter"},
        {"$", "R34.unknown_filter"},
        {"$share/g/x", "R34.unknown_filter"},
        {"$resource/a/b", "R34.resource_filter"},
        {"$resource/+/#", "R34.resource_filter"},
        {"$resource//+", "R34.resource_filter"},
        {"$resource/a/+/+", "R34.resource_filter"},
        {"$resource/a/b/#", "R34.resource_filter"},
        {"$resource.batch/#", "R34.misspelt_filter"},
        {"$Resource/#", "R34.misspelt_filter"},
        {"$resource/a/", "R34.resource_filter"},
    };
    for (const Refused& row : rows) {
        CAPTURE(row.filter);
        const FilterDecision decision = decide(row.filter);
        CHECK_FALSE(decision.granted);
        REQUIRE(decision.finding.has_value());
        CHECK(decision.finding->code == row.code);
        CHECK_FALSE(decision.finding->hint.empty());
    }
    CHECK(decide("$Resource/#").finding->hint == "Did you mean '$resource/#'?");
}

TEST_CASE("[R35] arbitrary filters are granted, wildcards included") {
    for (const std::string_view filter : {"#", "+", "+/a", "foo/#", "/a/b", "foo", "a/$resource/#"}) {
        CAPTURE(filter);
        const FilterDecision decision = decide(filter);
        CHECK(decision.granted);
        CHECK_FALSE(decision.reserved);
        CHECK_FALSE(decision.finding.has_value());
    }
}

TEST_CASE("[R35] an arbitrary filter that looks misspelt is granted and doubted") {
    const FilterDecision decision = decide("resource/#");
    CHECK(decision.granted);
    CHECK_FALSE(decision.reserved);
    REQUIRE(decision.finding.has_value());
    CHECK(decision.finding->code == "R45a.misspelt_topic");
    CHECK(decision.finding->hint == "Did you mean '$resource/#'?");
}

TEST_CASE("[R35, R47] a filter that a shell took the name from is told as that") {
    CHECK(decide("/#").finding->hint.find("Did you mean '$resource/#'?") == 0);
    CHECK(decide(".batch").finding->hint.find("single quotes") != std::string::npos);
    std::string id;
    const FilterDecision decision = murano::decide_filter("/12345", Client{}, {}, id);
    CHECK_FALSE(decision.granted);
    CHECK(decision.finding->code == "R47.shell_expansion");
    CHECK(decision.finding->hint.find("Did you mean '$provision/12345'?") == 0);
    CHECK(id.empty());
}

TEST_CASE("[R47, R58] a refused subscription of a client with an unknown certificate names the certificate") {
    std::string id;
    const FilterDecision decision = murano::decide_filter("$resource/#", Client{"", "gadget"}, {}, id);
    CHECK_FALSE(decision.granted);
    CHECK(decision.finding->code == "R47.unknown_certificate");
    CHECK(decision.finding->message.find("'gadget'") != std::string::npos);
    CHECK(decision.finding->hint.find("--cert") != std::string::npos);
}

TEST_CASE("[R47] an anonymous client may subscribe to one $provision/<id>, the first that it names") {
    std::string id;
    const auto ask = [&id](std::string_view filter) { return murano::decide_filter(filter, Client{}, {}, id); };
    for (const std::string_view filter : {"#", "foo", "$content", "$resource/#", "$provision/+", "$provision/#",
                                          "$provision", "$provision/", "$provision/a/b", "$provision/a\nb"}) {
        CAPTURE(filter);
        const FilterDecision decision = ask(filter);
        CHECK_FALSE(decision.granted);
        REQUIRE(decision.finding.has_value());
        const bool names_a_device = filter.starts_with("$provision/");
        CHECK(decision.finding->code == (names_a_device ? "R47.invalid_id" : "R47.anonymous"));
        CHECK(id.empty());
    }
    CHECK(ask("$provision/12345").granted);
    CHECK(id == "12345");
    CHECK(ask("$provision/12345").granted);
    const FilterDecision second = ask("$provision/54321");
    CHECK_FALSE(second.granted);
    CHECK(second.finding->code == "R47.second_device");
    CHECK(second.finding->hint.find("'12345'") != std::string::npos);
}

TEST_CASE("[R47, R49] the id of an anonymous subscription must fit the identity format") {
    config::IdentityFormat format;
    format.type = config::IdentityType::base10;
    std::string id;
    CHECK_FALSE(murano::decide_filter("$provision/abc", Client{}, format, id).granted);
    CHECK(murano::decide_filter("$provision/123", Client{}, format, id).granted);
}

TEST_CASE("[R36] UNSUBSCRIBE of a reserved topic leaves a note, of another one none") {
    CHECK(murano::unsubscribe_note("$resource/#")->code == "R36.unsubscribe_without_effect");
    CHECK_FALSE(murano::unsubscribe_note("foo/#").has_value());
}
