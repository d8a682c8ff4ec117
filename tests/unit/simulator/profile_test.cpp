#include "server/simulator/profile.h"

#include <doctest/doctest.h>

namespace {

std::string errors_of(const std::string& text) {
    config::Problems problems;
    const auto profile = simulator::parse_profile(text, "mine.json", problems);
    CHECK((profile == nullptr) == !problems.ok());
    return problems.error_text();
}

std::string with_report(const std::string& generator) {
    return R"({"resources": {"t": {"format": "number", "report": )" + generator + "}}}";
}

}  // namespace

TEST_CASE("the built-in profiles are read, and report what their connectors define") {
    for (const auto name : simulator::built_in_profiles()) {
        CAPTURE(name);
        const auto profile = simulator::built_in_profile(name);
        REQUIRE(profile);
        CHECK(profile->name == name);
        CHECK(errors_of(std::string(simulator::built_in_profile_text(name))).empty());
    }
    const auto tutorial = simulator::built_in_profile("tutorial");
    const auto defaults = config::ConnectorSettings::default_resources();
    for (const auto& resource : tutorial->resources) {
        REQUIRE(defaults.contains(resource.alias));
        CHECK(defaults.at(resource.alias).format == resource.format);
        CHECK(defaults.at(resource.alias).settable == resource.is_setting());
    }
    CHECK(simulator::built_in_profile("nobody") == nullptr);
}

TEST_CASE("a profile has what its file says, and the defaults for all else") {
    config::Problems problems;
    const auto profile = simulator::parse_profile(R"({
        // comments are allowed
        "report_interval_s": 0.5, "keep_alive_s": 7, "content_interval_s": 0, "first_pause_s": 0.1, "max_pause_s": 2,
        "resources": {
            "t": {"format": "number", "report": {"sine": {"mean": 20, "amplitude": 0, "decimals": 3}}},
            "on": {"format": "boolean", "setting": {"apply_after_s": 2}},
        }})",
                                                  "mine.json", problems);
    REQUIRE(profile);
    CHECK(profile->report_interval == std::chrono::milliseconds(500));
    CHECK(profile->keep_alive == std::chrono::seconds(7));
    CHECK(profile->content_interval == simulator::Span{0});
    CHECK(profile->patience == std::chrono::seconds(10));
    REQUIRE(profile->find("on") != nullptr);
    CHECK(profile->find("on")->is_setting());
    CHECK(profile->find("on")->apply_after == std::chrono::seconds(2));
    CHECK(profile->find("off") == nullptr);
    CHECK(simulator::with_rate(*profile, 4)->report_interval == std::chrono::milliseconds(250));
}

TEST_CASE("a mistake in a profile is told with its place, what stands there and what may") {
    CHECK(errors_of("{\n  \"report_interval_s\": \"5\"\n}")
              .find("mine.json:2:24: report_interval_s: found \"5\", expected a number from 0.001 to 1000000") == 0);
    CHECK(errors_of("{").find("mine.json:1:2") == 0);
    CHECK(errors_of("[]").find("expected an object") != std::string::npos);
    CHECK(errors_of(R"({"resource": {}})").find("did you mean \"resources\"?") != std::string::npos);
    CHECK(errors_of(with_report(R"({"sin": {}})")).find("did you mean \"sine\"?") != std::string::npos);
    CHECK(errors_of(with_report("{}")).find("one of constant, sine") != std::string::npos);
    CHECK(errors_of(with_report(R"({"sine": {}, "steps": {}})")).find("one of constant, sine") != std::string::npos);
    CHECK(errors_of(with_report(R"({"sine": {"decimals": 20}})")).find("from 0 to 9") != std::string::npos);
    CHECK(errors_of(with_report(R"({"sine": {"period_s": 0}})")).find("from 0.001") != std::string::npos);
    CHECK(errors_of(with_report(R"({"steps": {}})")).find("the list of values is missing") != std::string::npos);
    CHECK(errors_of(with_report(R"({"steps": {"values": []}})")).find("one value at least") != std::string::npos);
    CHECK(errors_of(with_report(R"({"steps": {"values": [[]]}})")).find("values[0]: found an array") !=
          std::string::npos);
    CHECK(errors_of(with_report(R"({"random_walk": {"least": 5, "most": 1}})")).find("from 5") != std::string::npos);
    CHECK(errors_of(with_report(R"({"follow": {"start": 1}})")).find("alias is missing") != std::string::npos);
    CHECK(errors_of(with_report(R"({"constant": null})")).find("expected a string, a number") != std::string::npos);
    CHECK(errors_of(R"({"resources": {"t": {"format": "float", "report": {"sine": {}}}}})").find("one of string") !=
          std::string::npos);
    CHECK(errors_of(R"({"resources": {"a/b": {"report": {"sine": {}}}}})").find("no resource can have that name") !=
          std::string::npos);
}

TEST_CASE("a profile reports something, and a resource is either reported or a setting") {
    CHECK(errors_of("{}").find("no resource is reported") != std::string::npos);
    CHECK(errors_of(R"({"resources": {"s": {"setting": {}}}})").find("no resource is reported") != std::string::npos);
    CHECK(errors_of(R"({"resources": {"s": {}, "t": {"report": {"sine": {}}}}})").find("either \"report\"") !=
          std::string::npos);
    CHECK(errors_of(R"({"resources": {"s": {"setting": {}, "report": {"sine": {}}}}})").find("either \"report\"") !=
          std::string::npos);
}

TEST_CASE("a generator follows a setting of the same profile") {
    const auto follows = [](const std::string& setting) {
        return errors_of(R"({"resources": {"t": {"report": {"members": {"a": {"follow": {"setting": ")" + setting +
                         R"("}}}}}, "setpoint": {"setting": {}}}})");
    };
    CHECK(follows("setpoint").empty());
    CHECK(follows("setpiont").find("did you mean \"setpoint\"?") != std::string::npos);
    CHECK(follows("t").find("not a setting of this profile") != std::string::npos);
}
