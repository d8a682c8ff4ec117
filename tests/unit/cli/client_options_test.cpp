#include "server/cli/client_options.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

namespace {

constexpr std::array own{cli::connector_option, cli::OptionSpec{"--follow", "", "goes on"}};

cli::ClientOptions read(const std::vector<std::string>& arguments, const config::Environment& environment = {}) {
    return cli::read_client_options(arguments, environment, own);
}

TEST_CASE("a command's arguments and options may stand in any order, and -- ends the options") {
    const auto options = read({"show", "--connector=c1", "a", "--json", "--follow", "--", "--b"});
    CHECK(options.error.empty());
    CHECK(options.rest == std::vector<std::string>{"show", "a", "--b"});
    CHECK(options.json);
    CHECK(options.has("--follow"));
    CHECK(options.value("--connector") == "c1");
    CHECK(options.url == "http://127.0.0.1:8080");
}

TEST_CASE("an unknown option names the nearest one, a missing or unwanted value is told") {
    CHECK(read({"--conector", "x"}).error == "unknown option --conector; did you mean --connector?");
    CHECK(read({"--zzz"}).error == "unknown option --zzz");
    CHECK(read({"list", "--url"}).error == "--url needs a value");
    CHECK(read({"--json=yes"}).error == "--json takes no value");
}

TEST_CASE("-h and -f are short for --help and --follow, where there is such an option") {
    CHECK(read({"-h"}).help);
    CHECK(read({"-f"}).has("--follow"));
    CHECK(cli::read_client_options(std::vector<std::string>{"-f"}, {}).error == "unknown option -f");
}

TEST_CASE("a variable that is no URL is named") {
    CHECK(read({}, {{"MURANO_EMULATOR_URL", "localhost"}})
              .error.starts_with("MURANO_EMULATOR_URL: \"localhost\" is not"));
}

TEST_CASE("the server is the one of --url, else of the environment, else of the ready file") {
    const auto file = std::filesystem::temp_directory_path() / ("murano-ready-" + std::to_string(::getpid()));
    std::ofstream(file) << R"({"api":"http://127.0.0.1:9"})";
    const config::Environment environment{{"MURANO_EMULATOR_URL", "http://127.0.0.1:7"}};
    CHECK(read({}, environment).url == "http://127.0.0.1:7");
    CHECK(read({"--url", "http://127.0.0.1:6"}, environment).url == "http://127.0.0.1:6");
    CHECK(read({"--ready-file", file}).url == "http://127.0.0.1:9");
    CHECK(read({"--ready-file", file}, environment).url == "http://127.0.0.1:9");
    CHECK(read({}, {{"MURANO_EMULATOR_READY_FILE", file}}).url == "http://127.0.0.1:9");
    std::filesystem::remove(file);
    CHECK_FALSE(read({"--ready-file", file}).unready.empty());
    CHECK(read({}, {{"MURANO_EMULATOR_API_TOKEN", "t"}}).api_token == "t");
}

}  // namespace
