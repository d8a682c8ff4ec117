#include "config/connector_settings_json.h"

#include <doctest/doctest.h>

namespace {

using namespace config;

const std::string pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

std::optional<ConnectorSettings> parse(std::string_view text, KeyMode mode, Problems& problems) {
    return parse_connector_text(text, ConnectorSettings(), mode, problems);
}

ConnectorSettings parsed(std::string_view text) {
    Problems problems;
    const auto settings = parse(text, KeyMode::strict, problems);
    INFO(problems.error_text());
    REQUIRE(settings);
    return *settings;
}

std::string first_error(std::string_view text, KeyMode mode = KeyMode::strict) {
    Problems problems;
    CHECK(!parse(text, mode, problems));
    return problems.ok() ? "" : to_string(problems.errors().front());
}

ConnectorSettings patched(const ConnectorSettings& current, std::string_view patch, ResourcesPatch mode) {
    Problems problems;
    const auto settings = merge_patch(current, patch, ConnectorSettings(), KeyMode::strict, mode, problems);
    INFO(problems.error_text());
    REQUIRE(settings);
    return *settings;
}

// Every member differs from its default: a member that to_json or the reader forgets fails the round trip.
ConnectorSettings everything_changed() {
    ConnectorSettings s;
    s.name = "n";
    s.description = "d \"quoted\"";
    s.protocol = {"onep", "443", true, pem, {TlsPolicyName::custom, "TLSv1.1", {"AES128-SHA", "AES256-SHA"}}};
    s.provisioning = {false, AuthType::certificate, false, false, true, {"10.0.0.0/8", "::1"}};
    s.identity_format = {IdentityType::mac_dot, "p-", Casing::upper, 12};
    s.pki = {true, pem + pem};
    ResourceDefinition number;
    number.format = ResourceFormat::number;
    number.settable = true;
    number.sync = false;
    number.unit = "°C";
    number.allowed = {{"1.50", false}, {"-5--1", true}};
    number.initial = Scalar{"1.50", false};
    ResourceDefinition flag;
    flag.format = ResourceFormat::boolean;
    flag.allowed = {{"true", false}};
    flag.initial = Scalar{"true", true};
    s.resources = {{"temperature", number}, {"flag", flag}};
    s.quirks = {Quirks::Will::ignore,
                Quirks::ClientId::documented,
                Quirks::UnentitledPublish::disconnect,
                Quirks::InvalidValue::disconnect,
                Quirks::PasswordReply::empty,
                Quirks::ProvisionRefusal::disconnect,
                Quirks::PatchResources::merge};
    s.journal_packets = true;
    s.content_base_url = "https://{host}:32768/{connector}";
    return s;
}

TEST_CASE("what to_json writes in full is read back the same, whatever the reader's defaults") {
    const ConnectorSettings changed = everything_changed();
    for (const auto& [settings, defaults] : {std::pair(changed, ConnectorSettings()), {ConnectorSettings(), changed}}) {
        Problems problems;
        const std::string text = to_json_text(to_json(settings, ConnectorShape::full));
        const auto back = parse_connector_text(text, defaults, KeyMode::strict, problems);
        INFO(problems.error_text());
        REQUIRE(back);
        CHECK(*back == settings);
    }
}

TEST_CASE("content.base_url of a connector is a URL with known names in braces, or null [R60]") {
    const auto read = [](const std::string& value) -> std::optional<std::string> {
        Problems problems;
        ConnectorSettings defaults;
        defaults.content_base_url = "https://default";
        const auto settings =
            parse_connector_text(R"({"content":{"base_url":)" + value + "}}", defaults, KeyMode::strict, problems);
        return settings ? std::optional(settings->content_base_url) : std::nullopt;
    };
    CHECK(read(R"("https://{host}:1/{connector}")") == "https://{host}:1/{connector}");
    CHECK(read("null") == "");
    for (const char* bad : {R"("ftp://x")", R"("https://{hots}")", R"("https://x?a=b")", R"("https://{host")",
                            R"("https://x}")", "1", R"({"text":"an item"})"}) {
        CAPTURE(bad);
        CHECK_FALSE(read(bad));
    }
}

TEST_CASE("the device2 shape is Murano's default object, without quirks and journal") {
    CHECK(
        to_json_text(to_json(ConnectorSettings(), ConnectorShape::device2)) ==
        R"({"name":"","description":"",)"
        R"("protocol":{"name":"murano:v1/mqtt","port":"8883","devmode":false,"client_ca":null,"tls":{"policy":"TLSv1.2"}},)"
        R"("provisioning":{"enabled":true,"auth_type":"token","generate_identity":true,"presenter_identity":true,)"
        R"("ip_whitelisting":{"enabled":false,"allowed":[]}},)"
        R"("identity_format":{"type":"opaque","prefix":"","options":{"casing":"mixed","length":0}},)"
        R"("pki":{"enabled":false,"client_ca":null},)"
        R"("resources":{"config_io":{"format":"string","unit":"","settable":true,"sync":true,"allowed":[]},)"
        R"("data_in":{"format":"string","unit":"","settable":false,"sync":true,"allowed":[]},)"
        R"("data_out":{"format":"string","unit":"","settable":true,"sync":true,"allowed":[]}}})");
}

TEST_CASE("deprecated spellings are accepted") {
    for (const std::string name : {"onep", "mqtt", "onep:v1/http", "murano:v1/mqtt"}) {
        CHECK(parsed(R"({"protocol":{"name":")" + name + R"("}})").protocol.name == name);
    }
    CHECK(parsed(R"({"provisioning":{"auth_type":"cik"}})").provisioning.auth_type == AuthType::token);
    CHECK(parsed(R"({"protocol":{"port":443}})").protocol.port == "443");
}

TEST_CASE("what has no effect here is no mistake") {
    CHECK(parsed(R"({"fqdn":"x.m2.exosite.io","events":{"types":["connect"]},"pki":{"vendor":{"name":"DigiCert"}}})") ==
          ConnectorSettings());
}

TEST_CASE("a mistake names line, column, path, what stands there and what may") {
    CHECK(first_error("{\n  \"provisioning\": { \"auth_type\": \"tokn\" }\n}") ==
          "line 2:34: provisioning.auth_type: found \"tokn\", expected one of token, password, certificate; did you "
          "mean \"token\"?");
    CHECK(first_error(R"({"provisoning":{}})") == "line 1:2: provisoning: unknown key, did you mean \"provisioning\"?");
    CHECK(first_error(R"({"resources":{"a":{"settable":"yes"}}})") ==
          "line 1:31: resources.a.settable: found \"yes\", expected true or false");
}

TEST_CASE("each of these is refused") {
    for (const std::string_view text : {R"([])",
                                        R"({"protocol":1})",
                                        R"({"protocol":{"port":"0"}})",
                                        R"({"protocol":{"port":"65536"}})",
                                        R"({"protocol":{"name":"amqp"}})",
                                        R"({"protocol":{"tls":{"policy":"TLSv1.1"}}})",
                                        R"({"protocol":{"tls":{"min_version":"SSLv3"}}})",
                                        R"({"protocol":{"tls":{"ciphers":"A"}}})",
                                        R"({"protocol":{"client_ca":"x"}})",
                                        R"({"pki":{"client_ca":"-----BEGIN PRIVATE KEY-----"}})",
                                        R"({"provisioning":{"ip_whitelisting":{"allowed":["10.0.0.0/33"]}}})",
                                        R"({"provisioning":{"ip_whitelisting":{"allowed":[1]}}})",
                                        R"({"identity_format":{"type":"mac"}})",
                                        R"({"identity_format":{"options":{"length":-1}}})",
                                        R"({"identity_format":{"options":{"length":"1"}}})",
                                        R"({"identity_format":{"options":{"length":256}}})",
                                        R"({"resources":[]})",
                                        R"({"resources":{"a":1}})",
                                        R"({"resources":{"a/b":{}}})",
                                        R"({"resources":{"":{}}})",
                                        R"({"resources":{"a.b":{}}})",
                                        R"({"resources":{"a":{"format":"int"}}})",
                                        R"({"resources":{"a":{"allowed":{}}}})",
                                        R"({"resources":{"a":{"format":"number","allowed":["9 to 11"]}}})",
                                        R"({"resources":{"a":{"format":"boolean","allowed":[1]}}})",
                                        R"({"resources":{"a":{"initial":[]}}})",
                                        R"({"resources":{"a":{"format":"number","initial":"1-2"}}})",
                                        R"({"quirks":{"will":"maybe"}})",
                                        R"({"journal":{"packets":1}})",
                                        R"({"name":5})"}) {
        CHECK_MESSAGE(!first_error(text).empty(), text);
    }
}

TEST_CASE("all mistakes are told, up to twenty, and the rest counted") {
    std::string text = "{";
    for (int i = 0; i < 30; ++i) text += "\"unknown_key_" + std::to_string(i) + "\":1,";
    text.back() = '}';
    Problems problems;
    CHECK(!parse(text, KeyMode::strict, problems));
    CHECK(problems.errors().size() == 20);
}

TEST_CASE("lenient reading lists unknown keys as warnings") {
    Problems problems;
    const auto settings = parse(R"({"permission":{}})", KeyMode::lenient, problems);
    REQUIRE(settings);
    REQUIRE(problems.warnings().size() == 1);
    CHECK(problems.warnings()[0].path == "permission");
    CHECK(!first_error(R"({"name":5})", KeyMode::lenient).empty());
}

TEST_CASE("a fractional length is kept as it was sent, its whole part counts, and a patch of something else goes on") {
    for (const KeyMode mode : {KeyMode::strict, KeyMode::lenient}) {
        Problems problems;
        const auto settings = parse(R"({"identity_format":{"options":{"length":12.67}}})", mode, problems);
        REQUIRE(settings);
        CHECK(settings->identity_format.length == 12);
        const auto later = patched(*settings, R"({"quirks":{"will":"ignore"}})", ResourcesPatch::merge);
        CHECK(to_json_text(to_json(later, ConnectorShape::full)).find("\"length\":12.67") != std::string::npos);
        CHECK(!first_error(R"({"identity_format":{"options":{"length":1.5e1}}})", mode).empty());
        CHECK(!first_error(R"({"identity_format":{"options":{"length":-0.5}}})", mode).empty());
    }
}

std::string first_warning(std::string_view text) {
    Problems problems;
    CHECK(parse(text, KeyMode::strict, problems));
    return problems.warnings().empty() ? "" : to_string(problems.warnings().front());
}

TEST_CASE("a setting that has no effect beside the others is a warning") {
    CHECK(first_warning(R"({"identity_format":{"options":{"length":12}}})") ==
          "line 1:41: identity_format.options.length: has no effect with the type opaque");
    CHECK(first_warning(R"({"identity_format":{"type":"base10","options":{"casing":"lower"}}})")
              .ends_with("casing: has no effect with the type base10"));
    CHECK(first_warning(R"({"pki":{"enabled":true}})") ==
          "line 1:8: pki: is enabled without a client_ca, so every client certificate is refused");
    CHECK(first_warning(R"({"identity_format":{"type":"base16","options":{"length":12,"casing":"lower"}}})").empty());
    CHECK(first_warning(R"({"identity_format":{"options":{"length":0,"casing":"mixed"}}})").empty());
}

std::string tls_error(const std::string& tls) {
    return first_error("{\"protocol\":{\"tls\":{" + tls + "}}}");
}

TEST_CASE("[R3a] cipher suites have the names of OpenSSL or IANA, and are shown as they were given") {
    const auto settings = parsed(
        R"({"protocol":{"tls":{"policy":"custom","ciphers":["AES128-SHA","TLS_RSA_WITH_AES_256_CBC_SHA","TLS_AES_128_GCM_SHA256"]}}})");
    CHECK(settings.protocol.tls.ciphers ==
          std::vector<std::string>{"AES128-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_AES_128_GCM_SHA256"});
}

TEST_CASE("[R3a] a cipher suite that is none is refused by name, with key and nearest") {
    CHECK(tls_error(R"("policy":"custom","ciphers":["AES128-SHA","AES256-SHB"])") ==
          "line 1:63: protocol.tls.ciphers[1]: found \"AES256-SHB\", expected a cipher suite by its OpenSSL or IANA "
          "name; did you mean \"AES256-SHA\"?");
    CHECK(tls_error(R"("policy":"custom","ciphers":["TLS_RSA_WITH_AES_256_CBC_SHB"])")
              .find("did you mean \"TLS_RSA_WITH_AES_256_CBC_SHA\"?") != std::string::npos);
    for (const std::string_view suite : {"HIGH", "", "AES128-SHA:AES256-SHA", "!aNULL", "AES256-SHA:@SECLEVEL=0"}) {
        CHECK(tls_error(R"("policy":"custom","ciphers":[")" + std::string(suite) + "\"]")
                  .find("protocol.tls.ciphers[0]") != std::string::npos);
    }
    CHECK(tls_error(R"("policy":"custom","ciphers":["ADH-AES128-SHA"])").find("never used") != std::string::npos);
    CHECK(tls_error(R"("policy":"custom","ciphers":["AES128-SHA","TLS_RSA_WITH_AES_128_CBC_SHA"])").find("once") !=
          std::string::npos);
}

TEST_CASE("[R3a] a TLS policy that cannot be in force as it stands is refused") {
    CHECK(tls_error(R"("policy":"custom")").find("at least one cipher suite") != std::string::npos);
    CHECK(tls_error(R"("policy":"custom","min_version":"TLSv1.3","ciphers":["AES128-SHA"])").find("TLS 1.3 suite") !=
          std::string::npos);
    CHECK(tls_error(R"("ciphers":["AES128-SHA"])")
              .find("protocol.tls.ciphers: counts only with \"policy\": \"custom\"") != std::string::npos);
    CHECK(tls_error(R"("policy":"TLSv1.0","min_version":"TLSv1.1")").find("protocol.tls.min_version: counts only") !=
          std::string::npos);
}

TEST_CASE("[R3a] a patch with the name of a policy leaves a custom one, and null gives the default back") {
    const auto legacy =
        patched(everything_changed(), R"({"protocol":{"tls":{"policy":"TLSv1.0"}}})", ResourcesPatch::merge);
    CHECK(legacy.protocol.tls == TlsPolicy{TlsPolicyName::tls_v1_0, "", {}});
    const auto usual = patched(everything_changed(), R"({"protocol":{"tls":{"policy":null}}})", ResourcesPatch::merge);
    CHECK(usual.protocol.tls == TlsPolicy());
    const auto fewer =
        patched(everything_changed(), R"({"protocol":{"tls":{"ciphers":["AES128-SHA"]}}})", ResourcesPatch::merge);
    CHECK(fewer.protocol.tls == TlsPolicy{TlsPolicyName::custom, "TLSv1.1", {"AES128-SHA"}});
    Problems problems;
    CHECK(parse_connector_text(R"({"protocol":{"tls":{"policy":"TLSv1.2"}}})", everything_changed(), KeyMode::strict,
                               problems)
              ->protocol.tls == TlsPolicy());
}

TEST_CASE("[R40] allowed takes values and ranges and keeps their text") {
    const auto settings =
        parsed(R"({"resources":{"n":{"format":"number","allowed":[1.0,"2","9-11","-5--1","0.5-1.5"]}}})");
    const std::vector<Scalar> expected = {
        {"1.0", false}, {"2", true}, {"9-11", true}, {"-5--1", true}, {"0.5-1.5", true}};
    CHECK(settings.resources.at("n").allowed == expected);
}

TEST_CASE("a patch changes what it names and nothing else") {
    ConnectorSettings expected = everything_changed();
    expected.protocol.devmode = false;
    expected.quirks.will = Quirks::Will::process;
    const std::string_view patch = R"({"protocol":{"devmode":false},"quirks":{"will":"process"}})";
    CHECK(patched(everything_changed(), patch, ResourcesPatch::merge) == expected);
    CHECK(patched(everything_changed(), "{}", ResourcesPatch::replace) == everything_changed());
}

TEST_CASE("null in a patch restores the default") {
    const auto settings = patched(
        everything_changed(), R"({"protocol":null,"resources":null,"pki":{"client_ca":null}})", ResourcesPatch::merge);
    CHECK(settings.protocol == ProtocolSettings());
    CHECK(settings.resources == ConnectorSettings::default_resources());
    CHECK(settings.pki == PkiSettings{true, ""});
}

TEST_CASE("[D10] resources in a patch are replaced or merged") {
    const std::string_view patch =
        R"({"resources":{"data_in":{"unit":"V"},"new":{"format":"number"},"data_out":null}})";
    const auto merged = patched(ConnectorSettings(), patch, ResourcesPatch::merge);
    CHECK(merged.resources.size() == 3);
    CHECK(merged.resources.contains("config_io"));
    CHECK(!merged.resources.contains("data_out"));
    const auto replaced = patched(ConnectorSettings(), patch, ResourcesPatch::replace);
    CHECK(replaced.resources.size() == 2);
    CHECK(replaced.resources.at("data_in").unit == "V");

    ConnectorSettings settable;
    settable.resources.at("data_in").settable = true;
    CHECK(patched(settable, patch, ResourcesPatch::merge).resources.at("data_in").settable);
    CHECK(!patched(settable, patch, ResourcesPatch::replace).resources.at("data_in").settable);
}

TEST_CASE("a bad patch gives nothing but its mistakes, located in the patch") {
    for (const auto& [patch, error] :
         {std::pair("{\"protocol\":{\"devmode\":1}}", "line 1:24: protocol.devmode: found 1, expected true or false"),
          {"{\"name\":\"a\",\"name\":\"b\"}", "line 1:13: name: the key occurs twice in one object"},
          {"[]", "line 1:1: $: found an array, expected an object"}}) {
        Problems problems;
        CHECK(!merge_patch({}, patch, {}, KeyMode::strict, ResourcesPatch::merge, problems));
        REQUIRE(problems.errors().size() == 1);
        CHECK(to_string(problems.errors()[0]) == error);
    }
}

TEST_CASE("a patch with very many resources is read in bounded time") {
    std::string patch = "{\"resources\":{";
    for (int i = 0; i < 20'000; ++i) patch += "\"alias_" + std::to_string(i) + "\":{\"format\":\"numbr\"},";
    patch.back() = '}';
    Problems problems;
    CHECK(!merge_patch({}, patch + "}", {}, KeyMode::lenient, ResourcesPatch::merge, problems));
    CHECK(problems.error_count() == 20'000);
}

}  // namespace
