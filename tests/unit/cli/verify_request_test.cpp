#include "server/cli/verify_request.h"

#include "server/cli/errors.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

cli::VerifyRequest read(const std::vector<std::string>& arguments, const config::Environment& environment = {}) {
    return cli::read_verify_request(cli::read_client_options(arguments, environment, cli::verify_options()),
                                    environment);
}

std::string refused(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--identity", "1"});
    try {
        read(arguments);
    } catch (const cli::UsageError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("options of verify that repeat add up, and lists have commas") {
    const auto request =
        read({"--identity", "1", "--only", "CON-*,KA-03", "--only", "TLS-01", "--set", "patience_s=3", "--set",
              "reprovisions=false", "--output", "a.xml", "--output", "b.html", "--on", "report=press a=b"});
    CHECK(request.only == std::vector<std::string>{"CON-*", "KA-03", "TLS-01"});
    CHECK(config::to_json_text(request.parameters) == R"({"patience_s":3,"reprovisions":false})");
    REQUIRE(request.outputs.size() == 2);
    CHECK(request.outputs[0].second == "junit");
    CHECK(request.outputs[1].second == "html");
    CHECK(request.hooks.at("report") == "press a=b");
    CHECK_FALSE(request.hooks.contains("power_cycle"));
}

TEST_CASE("a device that is a program can be power cycled") {
    CHECK(read({"--identity", "1", "--device-cmd", "./fw"}).hooks.at("power_cycle").empty());
    CHECK(read({"--identity", "1", "--device-cmd", "./fw", "--power-cycle", "x"}).hooks.at("power_cycle") == "x");
}

TEST_CASE("GitHub Actions gets its lines without being asked for") {
    CHECK_FALSE(read({"--identity", "1"}).github);
    CHECK(read({"--identity", "1", "--github"}).github);
    CHECK(read({"--identity", "1"}, {{"GITHUB_ACTIONS", "true"}}).github);
}

TEST_CASE("what is wrong with the arguments of verify is told before anything is started") {
    CHECK(refused({"--output", "report.pdf"}).find(".html or .txt") != std::string::npos);
    CHECK(refused({"--format", "pdf"}).find("--format pdf") == 0);
    CHECK(refused({"--set", "patience_s"}).find("NAME=VALUE") != std::string::npos);
    CHECK(refused({"--on", "reset=x"}).find("report, provision or update") != std::string::npos);
    CHECK(refused({"--warnings-as", "error"}).find("pass or fail") != std::string::npos);
    CHECK(refused({"--only", "CON-99"}).find("no check fits 'CON-99'") == 0);
    CHECK(refused({"--require", "XYZ-*"}).find("--require: ") == 0);
    CHECK(refused({"now"}).find("unexpected argument now") == 0);
    CHECK(refused({}).empty());
    CHECK_THROWS_AS(read({}), cli::UsageError);
    CHECK(read({"--list"}).list);
}
