#include "config/load_settings.h"

#include "tests/unit/config/temporary_folder.h"

#include <doctest/doctest.h>

namespace {

using namespace config;
using Strings = std::vector<std::string>;

LoadedSettings load(const Strings& arguments, const Environment& environment = {}) {
    return load_settings(arguments, environment);
}

ServerSettings loaded(const Strings& arguments, const Environment& environment = {}) {
    const LoadedSettings all = load(arguments, environment);
    INFO(all.problems.error_text());
    REQUIRE(all.problems.ok());
    return all.settings;
}

std::string only_error(const Strings& arguments, const Environment& environment = {}) {
    const LoadedSettings all = load(arguments, environment);
    INFO(all.problems.error_text());
    REQUIRE(all.problems.errors().size() == 1);
    return to_string(all.problems.errors()[0]);
}

std::string only_warning(const Strings& arguments, const Environment& environment = {}) {
    const LoadedSettings all = load(arguments, environment);
    REQUIRE(all.problems.ok());
    REQUIRE(all.problems.warnings().size() == 1);
    return to_string(all.problems.warnings()[0]);
}

TEST_CASE("with nothing said, the defaults of the contract hold") {
    const ServerSettings s = loaded({});
    CHECK(s.listen.mqtts == std::vector<Endpoint>{{"0.0.0.0", 8883}});
    CHECK(s.listen.mqtt.empty());
    CHECK(s.listen.api == Endpoint{"127.0.0.1", 8080});
    CHECK(s.data_dir == "./murano-data");
    CHECK(s.domain == "m2.exosite.io");
    CHECK(s.default_connector == "local");
    CHECK(s.require_sni);
    CHECK(s.auto_create_connectors);
    CHECK(s.content.url_expires_s == 600);
    CHECK(s.journal.max_events == 1'000'000);
    CHECK(s.journal.max_bytes == 536'870'912);
    CHECK(s.limits.max_connections == 20'000);
    CHECK(s.limits.connect_timeout_ms == 10'000);
    CHECK(s.limits.max_packet_bytes == 268'435'455);
    CHECK(s.limits.anonymous_max_packet_bytes == 65'536);
    CHECK(s.limits.max_outbox_bytes == 16'777'216);
    CHECK(s.limits.max_content_bytes == 536'870'912);
    CHECK(!s.seed);
    CHECK(s.connector("any") == ConnectorSettings());
}

TEST_CASE("flags take a value behind an equals sign or as the next argument, and repeat for lists") {
    const ServerSettings s =
        loaded({"--mqtts", "127.0.0.1:0", "--mqtts=[::1]:443", "--mqtt=127.0.0.1:1883=x2-y", "--ephemeral",
                "--tls-require-sni=false", "--api=localhost:9", "--seed", "7", "--log-level=trace"});
    CHECK(s.listen.mqtts == std::vector<Endpoint>{{"127.0.0.1", 0}, {"::1", 443}});
    CHECK(s.listen.mqtt == std::vector<PlainEndpoint>{{{"127.0.0.1", 1883}, "x2-y"}});
    CHECK(s.listen.api == Endpoint{"127.0.0.1", 9});
    CHECK(s.ephemeral);
    CHECK(!s.require_sni);
    CHECK(s.seed == 7);
    CHECK(s.log.level == LogLevel::trace);
    CHECK(loaded({"--data-dir=a", "--data-dir=b"}).data_dir == "b");
    CHECK(loaded({"--mqtts="}).listen.mqtts.empty());
    CHECK(loaded({"--mqtts=127.0.0.1:1,127.0.0.1:2"}).listen.mqtts.size() == 2);
}

TEST_CASE("an unknown flag names the nearest known one") {
    CHECK(only_error({"--data-dri", "x"}) == "--data-dri: unknown flag, did you mean --data-dir?");
    CHECK(only_error({"--qqqqqqqq=1"}) == "--qqqqqqqq: unknown flag");
    CHECK(only_error({"stray"}) == "stray: no flag stands before this; flags begin with --");
    CHECK(only_error({"--api"}) == "--api: needs a value: ADDR:PORT");
    CHECK(only_error({"--api", "--ephemeral"}) == "--api: needs a value: ADDR:PORT");
}

TEST_CASE("help is asked for with --help or -h") {
    CHECK(load({"--help"}).help);
    CHECK(load({"--ephemeral", "-h"}).help);
    CHECK(!load({"--ephemeral"}).help);
}

TEST_CASE("a bad value is told with what may stand there") {
    CHECK(only_error({"--api=8080"}) ==
          "--api: found \"8080\", expected ADDR:PORT with an IP address, such as 127.0.0.1:8883 or [::]:8883");
    CHECK(only_error({}, {{"MURANO_EMULATOR_LOG_LEVEL", "loud"}}) ==
          "MURANO_EMULATOR_LOG_LEVEL: found \"loud\", expected one of error, warn, info, debug, trace");
    CHECK(only_error({"--limits-max-connections=0"}) ==
          "--limits-max-connections: found \"0\", expected a whole number, 1 to 1000000");
}

TEST_CASE("each of these values is refused") {
    for (const std::string flag : {"--mqtts=1.2.3.4:65536",
                                   "--mqtts=1.2.3.4",
                                   "--mqtts=::1:8883",
                                   "--mqtts=[1.2.3.4]:1",
                                   "--mqtts=example.org:1",
                                   "--mqtts=1.2.3.4:1,,1.2.3.4:2",
                                   "--mqtts=1.2.3.4:-1",
                                   "--mqtt=1.2.3.4:1=Upper",
                                   "--mqtt=1.2.3.4:1=",
                                   "--domain=",
                                   "--domain=a..b",
                                   "--domain=-a.b",
                                   "--domain=Upper.example",
                                   "--default-connector=a_b",
                                   "--data-dir=",
                                   "--seed=-1",
                                   "--seed=x",
                                   "--ephemeral=maybe",
                                   "--content-base-url=ftp://x",
                                   "--content-base-url=https://",
                                   "--content-base-url=http://a b",
                                   "--content-base-url=https://{port}",
                                   "--outside-address=0",
                                   "--outside-address=host",
                                   "--outside-address=https://host:1",
                                   "--journal-max-events=0",
                                   "--limits-max-packet-bytes=268435456",
                                   "--log-format=xml",
                                   "--storage-durability=off",
                                   "--content-url-expires-s=1e3"}) {
        CHECK_MESSAGE(!load({flag}).problems.ok(), flag);
    }
}

TEST_CASE("blanks around the elements of a list do not count") {
    const ServerSettings s =
        loaded({"--mqtt= 127.0.0.1:3 ,127.0.0.1:4"}, {{"MURANO_EMULATOR_MQTTS", "127.0.0.1:1, 127.0.0.1:2"}});
    CHECK(s.listen.mqtts == std::vector<Endpoint>{{"127.0.0.1", 1}, {"127.0.0.1", 2}});
    CHECK(s.listen.mqtt.size() == 2);
    CHECK(!load({"--mqtts=127.0.0.1:1, ,127.0.0.1:2"}).problems.ok());
}

TEST_CASE("a port that is none is told as that") {
    for (const std::string port : {"70000", "65536", "-1", "99999999999"}) {
        CHECK(only_error({"--mqtts=0.0.0.0:" + port}) ==
              "--mqtts: found \"0.0.0.0:" + port + "\", expected a port of 0 to 65535");
    }
    CHECK(only_error({"--mqtt=127.0.0.1:70000=local"}).ends_with("expected a port of 0 to 65535"));
    CHECK(only_error({"--mqtts=example.org:1"}).find("with an IP address") != std::string::npos);
    CHECK(only_error({"--mqtts=127.0.0.1:mqtt"}).find("with an IP address") != std::string::npos);
}

TEST_CASE("a path of Windows, or one with control characters, is refused: it would be a strange file here") {
    for (const std::string path : {"C:\\temp", "c:/temp", "a\tb", "a\nb"}) {
        CHECK_MESSAGE(only_error({"--data-dir=" + path}).find("expected a path of this system") != std::string::npos,
                      path);
    }
    CHECK(loaded({"--data-dir=c:x"}).data_dir == "c:x");
}

TEST_CASE("a data folder beside ephemeral, which keeps nothing, is refused; what was said nearer counts") {
    CHECK(only_error({"--ephemeral", "--data-dir=x"}) ==
          "--data-dir: has no effect with ephemeral, which keeps nothing: leave one of them out");
    CHECK(only_error({"--data-dir=x"}, {{"MURANO_EMULATOR_EPHEMERAL", "1"}}).starts_with("--data-dir: has no effect"));
    CHECK(only_error({"--ephemeral", "--recover"}).starts_with("--recover: has no effect"));
    // Images and units set the variable for everybody.
    CHECK(loaded({"--ephemeral"}, {{"MURANO_EMULATOR_DATA_DIR", "x"}}).ephemeral);
    CHECK(loaded({}, {{"MURANO_EMULATOR_DATA_DIR", "x"}, {"MURANO_EMULATOR_EPHEMERAL", "1"}}).ephemeral);
    CHECK(!loaded({"--ephemeral=false", "--data-dir=x"}).ephemeral);
    const TemporaryFolder folder;
    const std::string both = folder.write("s", R"({"ephemeral": true, "data_dir": "x"})");
    CHECK(only_error({"--config=" + both}) ==
          both + ":1:33: data_dir: has no effect with ephemeral, which keeps nothing: leave one of them out");
    CHECK(!load({"--config=" + both, "--ephemeral=false"}).settings.ephemeral);
}

TEST_CASE("a limit that another one would cut in silence is refused") {
    CHECK(only_error({"--limits-max-packet-bytes=2048", "--limits-anonymous-max-packet-bytes=4096"}) ==
          "--limits-anonymous-max-packet-bytes: is 4096, more than limits.max_packet_bytes (2048), which holds for "
          "every client");
    CHECK(loaded({"--limits-max-packet-bytes=2048"}).limits.max_packet_bytes == 2048);
}

TEST_CASE("the environment names settings as the flags do, lists with commas, switches as words") {
    const ServerSettings s = loaded({}, {{"MURANO_EMULATOR_DATA_DIR", "/d"},
                                         {"MURANO_EMULATOR_MQTTS", "127.0.0.1:1,127.0.0.1:2"},
                                         {"MURANO_EMULATOR_EPHEMERAL", "Yes"},
                                         {"MURANO_EMULATOR_TLS_REQUIRE_SNI", "0"},
                                         {"MURANO_EMULATOR_DOMAIN", ""}});
    CHECK(s.data_dir == "/d");
    CHECK(s.listen.mqtts.size() == 2);
    CHECK(s.ephemeral);
    CHECK(!s.require_sni);
    CHECK(s.domain == "m2.exosite.io");
}

TEST_CASE("an unknown variable of ours is a warning, those of the client commands are not") {
    CHECK(only_warning({}, {{"MURANO_EMULATOR_DATADIR", "x"}}) ==
          "MURANO_EMULATOR_DATADIR: unknown variable, did you mean MURANO_EMULATOR_DATA_DIR? (ignored)");
    const LoadedSettings client = load({}, {{"MURANO_EMULATOR_URL", "http://x"}, {"MURANO_EMULATOR_API_TOKEN", "t"}});
    CHECK(client.problems.warnings().empty());
    CHECK(client.settings.api_token == "t");
}

TEST_CASE("only our variables are taken from a process environment") {
    const char* const entries[] = {"PATH=/bin",     "MURANO_EMULATOR_API_TOKEN=a=b", "MURANO_EMULATOR_ODD",
                                   "MURANO_HOST=h", "GITHUB_ACTIONS=true",           "GITHUB_TOKEN=secret",
                                   nullptr};
    CHECK(environment_of(entries) ==
          Environment{{"GITHUB_ACTIONS", "true"}, {"MURANO_EMULATOR_API_TOKEN", "a=b"}, {"MURANO_HOST", "h"}});
}

TEST_CASE("a flag wins over the environment, that over the file, that over the default") {
    const TemporaryFolder folder;
    const std::string file = folder.write("s.jsonc", R"({"domain":"file.example","data_dir":"f","ready_file":"f"})");
    const LoadedSettings all = load({"--config", file, "--domain=flag.example"},
                                    {{"MURANO_EMULATOR_DOMAIN", "env.example"}, {"MURANO_EMULATOR_DATA_DIR", "e"}});
    REQUIRE(all.problems.ok());
    CHECK(all.settings.domain == "flag.example");
    CHECK(all.settings.data_dir == "e");
    CHECK(all.settings.ready_file == "f");
    const auto origin = [&all](const char* path) { return all.origin_of(*find_setting_by_path(path)); };
    CHECK(to_string(origin("domain")) == "flag --domain");
    CHECK(to_string(origin("data_dir")) == "environment MURANO_EMULATOR_DATA_DIR");
    CHECK(to_string(origin("ready_file")) == "file " + file + ":1:54");
    CHECK(to_string(origin("ephemeral")) == "default");
}

TEST_CASE("the environment can name the file, and a flag another one") {
    const TemporaryFolder folder;
    const std::string one = folder.write("1", R"({"domain":"one.example"})");
    const std::string two = folder.write("2", R"({"domain":"two.example"})");
    CHECK(loaded({}, {{"MURANO_EMULATOR_CONFIG", one}}).domain == "one.example");
    CHECK(loaded({"--config=" + two}, {{"MURANO_EMULATOR_CONFIG", one}}).domain == "two.example");
}

TEST_CASE("a control API that others can reach needs a token or a word that it is open") {
    CHECK(only_error({"--api=0.0.0.0:8080"}) ==
          "--api: 0.0.0.0:8080 is not a loopback address: set --api-token, or --api-open to let everybody in");
    CHECK(!load({"--api-tls=[::]:443"}).problems.ok());
    const auto open = load({"--api=0.0.0.0:8080", "--api-open"});
    CHECK(open.problems.ok());
    REQUIRE(open.problems.warnings().size() == 1);
    CHECK(to_string(open.problems.warnings().front()) ==
          "--api: 0.0.0.0:8080 lets in everybody who reaches it (api_open); an --api-token ends that");
    CHECK(load({"--api=0.0.0.0:8080", "--api-open", "--api-token=t"}).problems.warnings().empty());
    CHECK(load({"--api=0.0.0.0:8080", "--api-token=t"}).problems.ok());
    CHECK(load({"--api=127.9.9.9:8080", "--api-tls=[::1]:1"}).problems.ok());
}

TEST_CASE("certificate and key come in pairs, and the files must be there") {
    const TemporaryFolder folder;
    const std::string file = folder.write("pem", "x");
    CHECK(only_error({"--ca-cert=" + file}) == "--ca-cert: needs ca_key beside it");
    CHECK(only_error({"--tls-key=" + file}) == "--tls-key: needs tls_cert beside it");
    CHECK(only_error({"--ca-cert=" + file, "--ca-key=/nowhere/k"}) == "--ca-key: /nowhere/k does not exist");
    CHECK(load({"--tls-cert=" + file, "--tls-key=" + file}).problems.ok());
    const std::string empty = folder.write("empty", "");
    CHECK(only_error({"--ca-cert=" + file, "--ca-key=" + empty}) == "--ca-key: " + empty + " is empty, expected PEM");
    CHECK(only_error({"--ca-cert=" + file, "--ca-key=" + folder.path()}) ==
          "--ca-key: " + folder.path() + " is a folder, not a file");
}

TEST_CASE("[R1] a plain port of a connector that does not serve it is a warning") {
    CHECK(only_warning({"--mqtt=127.0.0.1:1883"})
              .starts_with("--mqtt: 127.0.0.1:1883: protocol.devmode of connector local"));
    const TemporaryFolder folder;
    const std::string file = folder.write("s", R"({"connectors":{"dev":{"protocol":{"devmode":true}}}})");
    CHECK(load({"--config=" + file, "--mqtt=127.0.0.1:1883=dev"}).problems.warnings().empty());
}

TEST_CASE("[R3] a default connector that never comes into being is a warning") {
    const std::string warning = only_warning({"--auto-create-connectors=false", "--default-connector=x"});
    CHECK(warning.starts_with("--default-connector: x is none of the connectors"));
}

TEST_CASE("no message shows a secret") {
    const std::string secret = "s3cret with space";
    CHECK(only_error({"--api-token=" + secret}).find("s3cret") == std::string::npos);
    const TemporaryFolder folder;
    const std::string file = folder.write("s", R"({"api_token":["s3cret"],
        "connectors":{"c":{"identities":{"i":{"auth":{"key":["s3cret"]}}, "j":{"auth":{"type":"certificate","key":"s3cret"}}}}}})");
    const LoadedSettings all = load({"--config=" + file});
    CHECK(all.problems.errors().size() == 3);
    CHECK(all.problems.error_text().find("s3cret") == std::string::npos);
}

}  // namespace
