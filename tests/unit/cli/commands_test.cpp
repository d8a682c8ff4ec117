#include "server/cli/commands.h"

#include "server/cli/client_command.h"
#include "server/cli/events_command.h"
#include "server/cli/http_client.h"

#include <algorithm>
#include <array>
#include <sstream>

#include <doctest/doctest.h>

namespace {

struct Ran {
    int code = 0;
    std::string out, err;
};

Ran run(const std::string& name, const std::vector<std::string>& arguments) {
    std::ostringstream out, err;
    for (const auto& command : cli::commands()) {
        if (command.name == name) return {command.run(arguments, {}, out, err), out.str(), err.str()};
    }
    return {-1, {}, {}};
}

// Of a line in UTF-8.
std::ptrdiff_t columns(const std::string& line) {
    return std::count_if(line.begin(), line.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

TEST_CASE("--help of every command says how it is used, exit code 0") {
    for (const auto& command : cli::commands()) {
        CAPTURE(command.name);
        const auto ran = run(std::string(command.name), {"--help"});
        CHECK(ran.code == 0);
        CHECK(ran.out.find("murano-emulator " + std::string(command.name)) != std::string::npos);
        CHECK(ran.err.empty());
    }
}

TEST_CASE("help has an example, and no line of more than 100 columns") {
    for (const auto& command : cli::commands()) {
        CAPTURE(command.name);
        std::istringstream help(run(std::string(command.name), {"--help"}).out);
        bool has_example = false;
        for (std::string line; std::getline(help, line);) {
            CAPTURE(line);
            CHECK(columns(line) <= 100);
            has_example = has_example || line.starts_with("Example: ");
        }
        CHECK(has_example);
    }
}

TEST_CASE("bad usage is exit code 2 and says what is meant") {
    CHECK(run("identity", {"lits"}).err.find("did you mean list?") != std::string::npos);
    CHECK(run("identity", {}).err.find("say what to do: list, show") != std::string::npos);
    CHECK(run("state", {"set", "12345"}).err.find("missing argument: ID ALIAS=VALUE") != std::string::npos);
    CHECK(run("content", {"put", "a", "b", "c"}).err.find("unexpected argument c") != std::string::npos);
    CHECK(run("events", {"--folow"}).err.find("did you mean --follow?") != std::string::npos);
    CHECK(run("completion", {"tcsh"}).code == 2);
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"lits"}, {}, {"show"}, {"list", "x"}, {"add", "a", "--token", "t", "--password", "p"}, {"--nope"}}) {
        CHECK(run("identity", arguments).code == 2);
    }
}

TEST_CASE("a server that cannot be reached is exit code 1, a bad URL is bad usage") {
    CHECK(run("identity", {"list", "--url", "http://127.0.0.1:1"}).code == 1);
    for (const auto* url : {"ftp://x", "127.0.0.1:8080", "http://", "http://:8080", "http://localhost:x",
                            "http://localhost:0", "http://localhost:65536", "https://localhost:8080", ""}) {
        CAPTURE(url);
        for (const auto* command : {"events", "health"}) {
            const auto ran = run(command, {"--url", url});
            CHECK(ran.code == 2);
            CHECK(ran.err.find("--url: \"" + std::string(url) + "\" is not of the form http://HOST:PORT") !=
                  std::string::npos);
        }
    }
    CHECK(run("events", {"--url", "127.0.0.1:8080"}).err.find("did you mean http://127.0.0.1:8080?") !=
          std::string::npos);
}

TEST_CASE("what the server calls a part of a request is shown as it was typed") {
    constexpr std::array options{cli::OptionSpec{"--limit", "N", ""}, cli::OptionSpec{"--count", "N", ""},
                                 cli::OptionSpec{"--within", "TIME", ""}};
    constexpr std::array names{cli::ServerName{"type", "TYPE"}, cli::ServerName{"within_ms", "--within"}};
    const cli::ClientCommand command{"wait-for", {}, options, {}, names};
    CHECK(typed_for(command, "?limit") == "--limit");
    CHECK(typed_for(command, "$.match.type") == "TYPE");
    CHECK(typed_for(command, "$.count.exactly") == "--count");
    CHECK(typed_for(command, "$.within_ms") == "--within");
    CHECK(typed_for(command, "$[3].other") == "$[3].other");
    CHECK(typed_for(command, "") == "");
}

TEST_CASE("the completion scripts know every command and option") {
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const auto script = run("completion", {shell}).out;
        for (const std::string word : {"identity", "content", "ready-file", "data-dir", "revoke", "follow", "junit"}) {
            CAPTURE(word);
            CHECK(script.find(word) != std::string::npos);
        }
    }
}

TEST_CASE("what is not a plain character of a URL is escaped") {
    CHECK(cli::percent_encode("00:EE/ä~") == "00%3AEE%2F%C3%A4~");
}

TEST_CASE("an event is one line, whatever the device sent") {
    const auto event = config::parse_json(
        R"({"cursor":7,"type":"publish","connector":"c","identity":"d","timestamp":1600000000000000,"payload":{"topic":"a\nb"}})",
        config::JsonDialect::strict);
    using enum cli::ConnectorColumn;
    CHECK(cli::event_line(*event.root, left_out) == R"(7  2020-09-13 12:26:40.000 UTC  publish  d  {"topic":"a\nb"})");
    CHECK(cli::event_line(*event.root, shown) == R"(7  2020-09-13 12:26:40.000 UTC  publish  c  d  {"topic":"a\nb"})");
    const auto finding = config::parse_json(
        R"({"cursor":8,"type":"finding","timestamp":0,"rule":"R28","code":"R28.dup_with_qos_0","severity":"violation","message":"M.","hint":"H."})",
        config::JsonDialect::strict);
    CHECK(cli::event_line(*finding.root, shown) == "8  -  finding  -  violation R28.dup_with_qos_0: M. H.");
}

}  // namespace
