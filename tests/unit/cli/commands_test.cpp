#include "server/cli/commands.h"

#include "server/cli/events_command.h"
#include "server/cli/http_client.h"

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

TEST_CASE("--help of every command says how it is used, exit code 0") {
    for (const auto& command : cli::commands()) {
        CAPTURE(command.name);
        const auto ran = run(std::string(command.name), {"--help"});
        CHECK(ran.code == 0);
        CHECK(ran.out.find("murano-emulator " + std::string(command.name)) != std::string::npos);
        CHECK(ran.err.empty());
    }
}

TEST_CASE("bad usage is exit code 2 and says what is meant") {
    CHECK(run("identity", {"lits"}).err.find("did you mean list?") != std::string::npos);
    CHECK(run("identity", {}).err.find("say what to do: list, show") != std::string::npos);
    CHECK(run("state", {"set", "12345"}).err.find("it takes ID ALIAS=VALUE") != std::string::npos);
    CHECK(run("content", {"put", "a", "b", "c"}).err.find("unexpected argument c") != std::string::npos);
    CHECK(run("events", {"--folow"}).err.find("did you mean --follow?") != std::string::npos);
    CHECK(run("completion", {"fish"}).code == 2);
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"lits"}, {}, {"show"}, {"list", "x"}, {"add", "a", "--token", "t", "--password", "p"}, {"--nope"}}) {
        CHECK(run("identity", arguments).code == 2);
    }
}

TEST_CASE("a server that cannot be reached is exit code 1, a bad URL too") {
    CHECK(run("identity", {"list", "--url", "http://127.0.0.1:1"}).code == 1);
    const auto ran = run("content", {"ls", "--url", "ftp://x"});
    CHECK(ran.code == 1);
    CHECK(ran.err.find("is not of the form http://HOST:PORT") != std::string::npos);
}

TEST_CASE("the completion scripts know every command and option") {
    for (const auto* shell : {"bash", "zsh"}) {
        const auto script = run("completion", {shell}).out;
        for (const auto* word : {"identity", "content", "--ready-file", "--data-dir", "revoke", "--follow"}) {
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
        R"({"cursor":7,"type":"publish","identity":"d","timestamp":1600000000000000,"payload":{"topic":"a\nb"}})",
        config::JsonDialect::strict);
    CHECK(cli::event_line(*event.root) == R"(7  2020-09-13 12:26:40.000 UTC  publish  d  {"topic":"a\nb"})");
    const auto finding = config::parse_json(
        R"({"cursor":8,"type":"finding","timestamp":0,"rule":"R28","severity":"violation","message":"M.","hint":"H."})",
        config::JsonDialect::strict);
    CHECK(cli::event_line(*finding.root) == "8  -  finding  violation R28: M. H.");
}

}  // namespace
