#include "config/read_file.h"

#include "config/load_settings.h"
#include "tests/unit/config/temporary_folder.h"

#include <doctest/doctest.h>

namespace {

using namespace config;

// The mistakes of a settings file with this text, one a line, without the file's name.
std::string mistakes(std::string_view text) {
    const TemporaryFolder folder;
    const std::string name = folder.write("s", text);
    const LoadedSettings loaded = check_settings_file(name);
    std::string all;
    for (const Problem& problem : loaded.problems.errors()) {
        all += to_string(problem).substr(name.size() + 1) + "\n";
    }
    return all;
}

ServerSettings settings_of(std::string_view text) {
    const TemporaryFolder folder;
    const LoadedSettings all = check_settings_file(folder.write("s", text));
    INFO(all.problems.error_text());
    REQUIRE(all.problems.ok());
    return all.settings;
}

TEST_CASE("the file gives settings of every type, with comments and a byte order mark") {
    const ServerSettings s = settings_of(
        "\xef\xbb\xbf{ // comment\n \"listen\": {\"mqtts\": [\"127.0.0.1:1\", \"[::]:2\",], \"mqtt\": "
        "\"127.0.0.1:3\"},\n"
        "\"ephemeral\": true, \"seed\": 18446744073709551615, \"content\": {\"base_url\": null, \"url_expires_s\": "
        "5},\n"
        "\"storage\": {\"durability\": \"full\"}, /* x */ \"domain\": \"a.example\", \"$schema\": \"x\" }");
    CHECK(s.listen.mqtts == std::vector<Endpoint>{{"127.0.0.1", 1}, {"::", 2}});
    CHECK(s.listen.mqtt.size() == 1);
    CHECK(s.ephemeral);
    CHECK(s.seed == 18446744073709551615ULL);
    CHECK(s.content.base_url.empty());
    CHECK(s.content.url_expires_s == 5);
    CHECK(s.durability == Durability::full);
    CHECK(s.domain == "a.example");
}

TEST_CASE("a mistake names line, column, path, what stands there and what may") {
    CHECK(mistakes("{\n  \"domain\": 5\n}") ==
          "2:13: domain: found 5, expected a domain name in lower case, such as m2.exosite.io (a string)\n");
    CHECK(mistakes("{\"listen\": {\"mqtts\": [\"127.0.0.1:1\",\n \"x\"]}}") ==
          "2:2: listen.mqtts[1]: found \"x\", expected ADDR:PORT with an IP address, such as 127.0.0.1:8883 or "
          "[::]:8883\n");
    CHECK(mistakes("{\"ephemeral\": \"true\"}") == "1:15: ephemeral: found \"true\", expected true or false\n");
    CHECK(mistakes("{\"limits\": 5}") == "1:12: limits: found 5, expected an object\n");
    CHECK(mistakes("{\"domain\": null}") ==
          "1:12: domain: found null, expected a domain name in lower case, such as m2.exosite.io (a string)\n");
    CHECK(mistakes("[]") == "1:1: found an array, expected an object\n");
    CHECK(mistakes("{\"domain\": \"a\",\n}}") ==
          "2:2: found } after the end of the JSON value; is a bracket too many, or one missing, before it?\n");
}

TEST_CASE("what is no JSON is told with path, what stands there, and what to do") {
    const auto said = [](std::string_view text, std::string_view expected) {
        const std::string all = mistakes(text);
        CHECK_MESSAGE(all.find(expected) != std::string::npos, all);
    };
    said("{\"listen\": {\"api\": '127.0.0.1:1'}}",
         "1:20: listen.api: found a single quote, expected a value; a text needs straight double quotes");
    said("{\"listen\": {'api': 1}}", "1:13: listen: found a single quote, expected a key in straight double quotes");
    said(
        "{\"domain\": \xe2\x80\x9c"
        "a.example\xe2\x80\x9d}",
        "1:12: domain: found \xe2\x80\x9c, a typographic quote, expected a value");
    said(
        "{\xe2\x80\x9e"
        "domain\xe2\x80\x9c: 1}",
        "1:2: found \xe2\x80\x9e, a typographic quote, expected a key");
    said("{\"data_dir\": \"C:\\murano\"}",
         "1:17: data_dir: found \\m in a text: a backslash is written \\\\, as in \"C:\\\\data\"; in a path / does as "
         "well");
    said("{\"data_dir\": \"C:\\users\"}", "data_dir: found \\u in a text");
    said("{\"data_dir\": \"\\\x0e\"}", "data_dir: found a backslash before the byte 0e in a text");
    said("{\"data_dir\": \"C:\\temp\"}",
         "1:14: data_dir: found \"C:\\temp\", expected a path of this system, without control characters (C:\\… is one "
         "of Windows)");
    said("{\"ephemeral\": True}", "1:15: ephemeral: found True, expected true");
    said("{\"ephemeral\": no}", "ephemeral: found no, expected false");
    said("{\"seed\": None}", "1:10: seed: found None, expected null");
    said("{\"seed\": nul}", "seed: found n");
    said("{\"seed\": NaN}", "seed: found NaN, expected a number or null");
    said("{\"seed\": 5.}", "seed: found } within a number, expected a digit");
    said("{\"seed\": }", "1:10: seed: found }, expected a value");
    said("{\"seed\" = 5}", "1:9: seed: found =, expected : between key and value");
    said("{\"seed\": 1\n \"threads\": 2}", "2:2: found a text, expected a comma or } before it");
    said("{\"listen\": {\"mqtts\": [\"a\" \"b\"]}}", "listen.mqtts[1]: found a text, expected a comma or ] before it");
    said("{\"domain\": \"a\n}", "1:14: domain: found a line break within a text");
    said("{\"domain\": \"a", "domain: the text ends within a value: a double quote is missing");
    said("{\"domain\": \"\xe9\"}", "domain: found the byte e9, which is not UTF-8");
    said("{\"domain\": \"a\" /* ", "is a comment not closed?");
    said("", "1:1: the text is empty, expected JSON");
    said("listen:\n  api: 127.0.0.1:8080\n", "1:1: this looks like YAML, expected JSON: { \"key\": value, … }");
    said("---\nlisten: {}\n", "this looks like YAML");
    said("[listen]\napi = 1\n", "this looks like TOML or INI");
    said("domain = \"a\"\n", "this looks like TOML or INI");
    said("\"domain\": \"a\"", "found : after a text, expected { before that");
    said("{\"listen.api\": 1}", "[\"listen.api\"]: unknown key, write \"listen\": { \"api\": … }");
}

TEST_CASE("a mistake of syntax shows no more than a character: it may be part of a secret") {
    CHECK(mistakes("{\"api_token\": s3cret}").find("3cret") == std::string::npos);
    CHECK(mistakes("{\"api_token\": 's3cret'}").find("s3cret") == std::string::npos);
    CHECK(mistakes("{\"api_token\": \"s3cret}").find("s3cret") == std::string::npos);
}

TEST_CASE("a file in UTF-16 is told as that, with and without a byte order mark") {
    CHECK(mistakes(std::string_view("\xff\xfe{\0}\0", 6)) ==
          "1:1: found UTF-16 (little endian), expected UTF-8: save the file as UTF-8\n");
    CHECK(mistakes(std::string_view("\xfe\xff\0{\0}", 6)).find("UTF-16 (big endian)") != std::string::npos);
    CHECK(mistakes(std::string_view("{\0}\0", 4)).find("UTF-16 (little endian)") != std::string::npos);
    CHECK(mistakes(std::string_view("\0{\0}", 4)).find("UTF-16 (big endian)") != std::string::npos);
}

TEST_CASE("one bad element of a list hides no other") {
    CHECK(mistakes("{\"listen\": {\"mqtts\": [5, \"127.0.0.1:1\", null]}}") ==
          "1:23: listen.mqtts[0]: found 5, expected ADDR:PORT with an IP address, such as 127.0.0.1:8883 or "
          "[::]:8883 (a string)\n"
          "1:41: listen.mqtts[2]: found null, expected ADDR:PORT with an IP address, such as 127.0.0.1:8883 or "
          "[::]:8883 (a string)\n");
}

TEST_CASE("an unknown key names the nearest known one, or where the key belongs") {
    CHECK(mistakes("{\"dommain\": 1}") == "1:2: dommain: unknown key, did you mean \"domain\"?\n");
    CHECK(mistakes("{\"limits\": {\"max_conections\": 1}}") ==
          "1:13: limits.max_conections: unknown key, did you mean \"max_connections\"?\n");
    CHECK(mistakes("{\"max_events\": 1}") == "1:2: max_events: unknown key, the key is journal.max_events\n");
    CHECK(mistakes("{\"config\": \"x\"}").find("unknown key") != std::string::npos);
}

TEST_CASE("all mistakes are told at once, duplicate keys too") {
    CHECK(mistakes(
              "{\"seed\": -1, \"seed\": 2, \"log\": {\"level\": \"loud\"},\n \"connectors\": {\"Bad\": {\"x\": 1}}}") ==
          "1:14: seed: the key occurs twice in one object\n"
          "1:10: seed: found -1, expected a whole number, 0 to 18446744073709551615\n"
          "1:42: log.level: found \"loud\", expected one of error, warn, info, debug, trace\n"
          "2:17: connectors.Bad: no connector id: 1 to 63 lower-case letters, digits and hyphens [R3]\n"
          "2:25: connectors.Bad.x: unknown key\n");
}

TEST_CASE("a file that is not there, or a folder, is an error with its name") {
    const TemporaryFolder folder;
    const auto missing = check_settings_file(folder.path() + "/none");
    REQUIRE(missing.problems.errors().size() == 1);
    CHECK(to_string(missing.problems.errors()[0]) == folder.path() + "/none: does not exist");
    const auto is_folder = check_settings_file(folder.path());
    REQUIRE(is_folder.problems.errors().size() == 1);
    CHECK(is_folder.problems.errors()[0].message == "is a folder, not a file");
}

TEST_CASE("an expiry in seconds or milliseconds is refused") {
    const auto expire = [](const std::string& value) {
        return mistakes(R"({"connectors":{"c":{"identities":{"d":{"auth":{"expire":)" + value + "}}}}}}");
    };
    CHECK(expire("1767225600").find("looks like seconds since 1970, expected microseconds: 1767225600000000") !=
          std::string::npos);
    CHECK(expire("1767225600000").find("looks like milliseconds") != std::string::npos);
    CHECK(expire("1767225600000000").empty());
    CHECK(expire("0").empty());
}

TEST_CASE("connectors start from connector_defaults, and these from journal.packets") {
    const ServerSettings s = settings_of(R"({
        "journal": {"packets": true},
        "connector_defaults": {"provisioning": {"auth_type": "password"}, "resources": {"a": {}}},
        "connectors": {"one": {}, "two": {"resources": {"b": {}}, "journal": {"packets": false}}}})");
    CHECK(s.connector("one").provisioning.auth_type == AuthType::password);
    CHECK(s.connector("one").resources.contains("a"));
    CHECK(s.connector("one").journal_packets);
    CHECK(s.connector("two").resources.size() == 1);
    CHECK(s.connector("two").resources.contains("b"));
    CHECK(!s.connector("two").journal_packets);
    CHECK(s.connector("unknown") == s.connector_defaults);
}

TEST_CASE("identities and content are read as they are to be made") {
    const TemporaryFolder folder;
    folder.write("logo.gif", "GIF");
    const std::string name = folder.write("s", R"({"connectors": {"c": {
        "resources": {"t": {"format": "number", "settable": true}},
        "identities": {
            "dev-1": {"auth": {"type": "token", "key": "abc"}, "locked": true, "state": {"t": 73.16492}},
            "dev-2": {"auth": {"expire": 1700000000000000}},
            "dev-3": {}},
        "content": {"logo.gif": {"file": "./logo.gif", "mime": "image/gif"}, "t": {"text": ""},
                    "base_url": "https://files.example"}},
      "d": {"content": {"base_url": {"text": "an item of that name"}}}}})");
    const LoadedSettings all = check_settings_file(name);
    INFO(all.problems.error_text());
    REQUIRE(all.problems.ok());
    const ConnectorSeed& seed = all.settings.connectors.at("c");
    CHECK(seed.identities.at("dev-1") ==
          IdentitySeed{AuthType::token, "abc", std::nullopt, true, {{"t", Scalar{"73.16492", false}}}});
    CHECK(seed.identities.at("dev-2").expire_us == 1'700'000'000'000'000);
    CHECK(!seed.identities.at("dev-3").auth_type);
    CHECK(seed.content.at("logo.gif") == ContentSeed{folder.path() + "/logo.gif", std::nullopt, "image/gif"});
    CHECK(seed.content.at("t") == ContentSeed{"", "", "application/octet-stream"});
    CHECK(seed.content.size() == 2);
    CHECK(seed.settings.content_base_url == "https://files.example");
    CHECK(all.settings.connectors.at("d").content.contains("base_url"));
}

// The example of the contract, as users copy it.
constexpr std::string_view contract_example = R"({
  "listen": { "mqtts": ["0.0.0.0:8883"], "mqtt": [], "api": "127.0.0.1:8080" },
  "data_dir": "./murano-data",
  "domain": "m2.exosite.io",            // SNI selects the connector
  "default_connector": "local",
  "tls": { "require_sni": true },
  "auto_create_connectors": true,
  "connector_defaults": { /* as one connector */ },
  "connectors": {
    "x2lmj5npsktbuik9": {
      "protocol": { "name": "murano:v1/mqtt", "port": "8883", "devmode": false, "tls": { "policy": "TLSv1.2" } },
      "provisioning": { "enabled": true, "auth_type": "token", "presenter_identity": true,
                        "ip_whitelisting": { "enabled": false, "allowed": [] } },
      "identity_format": { "type": "opaque", "prefix": "", "options": { "casing": "mixed", "length": 0 } },
      "resources": { "data_in":   { "format": "string", "settable": false },
                     "data_out":  { "format": "string", "settable": true },
                     "config_io": { "format": "string", "settable": true } },
      "identities": { "12345": { "auth": { "type": "token", "key": "…" }, "locked": false } },
      "content": { "logo.gif": { "file": "./logo.gif", "mime": "image/gif" } },
      "quirks": { "client_id": "any", "invalid_value": "ignore" },
      "journal": { "packets": false }
    }
  },
  "storage": { "durability": "normal" },
  "content": { "base_url": null, "url_expires_s": 600 },
  "journal": { "max_events": 1000000, "max_bytes": 536870912 },
  "limits": { "max_connections": 20000, "connect_timeout_ms": 10000, "max_packet_bytes": 268435455,
              "anonymous_max_packet_bytes": 65536, "max_outbox_bytes": 16777216, "max_content_bytes": 536870912 }
})";

TEST_CASE("the contract's example loads, and shows the built-in defaults of a connector") {
    const TemporaryFolder folder;
    folder.write("logo.gif", "GIF");
    const LoadedSettings all = check_settings_file(folder.write("s", contract_example));
    INFO(all.problems.error_text());
    REQUIRE(all.problems.ok());
    CHECK(all.settings.connector("x2lmj5npsktbuik9") == ConnectorSettings());
    CHECK(all.settings.connectors.at("x2lmj5npsktbuik9").identities.size() == 1);
}

TEST_CASE("each of these seeds is refused") {
    for (const std::string seed : {R"("identities": [])",
                                   R"("identities": {"a/b": {}})",
                                   R"("identities": {"": {}})",
                                   R"("identities": {"a": 1})",
                                   R"("identities": {"a": {"auth": {"type": "hash"}}})",
                                   R"("identities": {"a": {"auth": {"key": 1}}})",
                                   R"("identities": {"a": {"auth": {"expire": -1}}})",
                                   R"("identities": {"a": {"auth": {"expire": 1.5}}})",
                                   R"("identities": {"a": {"state": {"undefined": 1}}})",
                                   R"("identities": {"a": {"state": {"data_in": []}}})",
                                   R"("identities": {"a": {"locked": 1}})",
                                   R"("identities": {"a": {"token": "x"}})",
                                   R"("content": {"": {"text": "x"}})",
                                   R"("identities": {"a": {"auth": {"key": "same"}}, "b": {"auth": {"key": "same"}}})",
                                   R"("content": {"a": {}})",
                                   R"("content": {"a": {"file": "x", "text": "y"}})",
                                   R"("content": {"a": {"file": "not-there"}})",
                                   R"("content": {"a": 1})",
                                   R"("content": {"..": {"text": "x"}})",
                                   R"("content": {".": {"text": "x"}})",
                                   R"("content": {"a": {"text": "x", "mime": "a\u0001b"}})",
                                   R"("content": {"a": {"text": "x", "mime": "caf\u00e9"}})",
                                   R"("content": {"base_url": "https://{hots}"})"}) {
        CHECK_MESSAGE(!mistakes("{\"connectors\": {\"c\": {" + seed + "}}}").empty(), seed);
    }
}

TEST_CASE("deep or endless text in a file is an error and no crash") {
    CHECK(mistakes(std::string(100'000, '[')).find("nested deeper") != std::string::npos);
    CHECK(!mistakes("{\"domain\": \"" + std::string(100'000, 'a')).empty());
}

}  // namespace
