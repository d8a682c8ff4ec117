#include "server/cli/config_command.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <doctest/doctest.h>
#include <stdlib.h>

namespace {

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

Ran run(const std::vector<std::string>& arguments, const config::Environment& environment = {}) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::config_command(arguments, environment, out, err);
    return {code, out.str(), err.str()};
}

const std::string example = MURANO_SOURCE_DIR "/config/example.jsonc";

TEST_CASE("config check of a good file exits with 0") {
    const Ran ran = run({"check", example});
    CHECK(ran.code == 0);
    CHECK(ran.out == example + ": no mistake found\n");
    CHECK(ran.err.empty());
}

TEST_CASE("config check of a bad file exits with 2 and prints all mistakes") {
    std::string file = (std::filesystem::temp_directory_path() / "murano-check-XXXXXX").string();
    const int handle = mkstemp(file.data());
    REQUIRE(handle != -1);
    std::ofstream(file) << "{\"domian\": 1,\n\"seed\": \"x\"}";
    const Ran ran = run({"check", file});
    std::filesystem::remove(file);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err == file + ":1:2: domian: unknown key, did you mean \"domain\"?\n" + file +
                         ":2:9: seed: found \"x\", expected a whole number, 0 to 18446744073709551615\n");
}

TEST_CASE("config print takes the flags of serve and the environment") {
    const Ran text = run({"print", "--domain=a.example"}, {{"MURANO_EMULATOR_DATA_DIR", "/d"}});
    CHECK(text.code == 0);
    CHECK(text.out.find("flag --domain") != std::string::npos);
    CHECK(text.out.find("environment MURANO_EMULATOR_DATA_DIR") != std::string::npos);
    const Ran json = run({"print", "--json", "--domain=a.example"});
    CHECK(json.code == 0);
    CHECK(json.out.starts_with("{\n  \"settings\": {"));
    CHECK(run({"print", "--help"}).out.find("--data-dir DIR") != std::string::npos);
}

TEST_CASE("config print of bad settings exits with 2 and prints none") {
    const Ran ran = run({"print", "--domian=x"});
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err == "--domian: unknown flag, did you mean --domain?\n");
}

TEST_CASE("config print warns of unknown variables and goes on") {
    const Ran ran = run({"print"}, {{"MURANO_EMULATOR_DOMIAN", "x"}});
    CHECK(ran.code == 0);
    CHECK(ran.err ==
          "warning: MURANO_EMULATOR_DOMIAN: unknown variable, did you mean MURANO_EMULATOR_DOMAIN? (ignored)\n");
}

TEST_CASE("config schema and config reference print and take nothing") {
    CHECK(run({"schema"}).out.find("draft/2020-12") != std::string::npos);
    CHECK(run({"reference"}).out.starts_with("| flag | variable |"));
    CHECK(run({"schema"}).out == run({"schema", "settings"}).out);
    CHECK(run({"schema", "suite"}).out.find("Suite file") != std::string::npos);
    const Ran wrong = run({"schema", "siute"});
    CHECK(wrong.code == 2);
    CHECK(wrong.err.starts_with("config schema takes settings or suite, not siute\n"));
    CHECK(run({"schema", "suite", "x"}).code == 2);
    CHECK(run({"reference", "x"}).code == 2);
}

TEST_CASE("bad usage of config exits with 2 and tells the usage") {
    for (const auto& [arguments, begin] : {std::pair<std::vector<std::string>, std::string>({}, "usage: "),
                                           {{"chek", "x"}, "unknown command: config chek, did you mean check?\n"},
                                           {{"check"}, "config check takes one FILE\n"},
                                           {{"check", "a", "b"}, "config check takes one FILE\n"}}) {
        const Ran ran = run(arguments);
        CHECK(ran.code == 2);
        CHECK(ran.err.starts_with(begin));
        CHECK(ran.err.find("usage: murano-emulator config check FILE") != std::string::npos);
    }
}

TEST_CASE("help of config goes to standard output and exits with 0") {
    for (const auto& arguments : {std::vector<std::string>{"--help"}, {"-h"}, {"check", "--help"}, {"schema", "-h"}}) {
        const Ran ran = run(arguments);
        CHECK(ran.code == 0);
        CHECK(ran.out.starts_with("usage: "));
        CHECK(ran.err.empty());
    }
}

}  // namespace
