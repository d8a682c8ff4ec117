#include "server/murano/topic_commands.h"

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include <doctest/doctest.h>

using murano::Client;
using murano::PublishCommand;

namespace {

const Client kDevice{"12345"};
const Client kAnonymous{};

std::string name_of(const PublishCommand& command) {
    struct Namer {
        std::string operator()(const murano::ReportOne& one) const { return "one:" + std::string(one.alias); }
        std::string operator()(const murano::ReportMany&) const { return "many"; }
        std::string operator()(const murano::ReportBatch&) const { return "batch"; }
        std::string operator()(const murano::Provision& p) const { return "provision:" + std::string(p.id); }
        std::string operator()(const murano::Content&) const { return "content"; }
        std::string operator()(const murano::Arbitrary&) const { return "arbitrary"; }
        std::string operator()(const murano::Unentitled&) const { return "unentitled"; }
    };
    return std::visit(Namer{}, command);
}

struct Row {
    std::string_view topic;
    std::string_view expected;
};

}  // namespace

TEST_CASE("[R37, R38, R39, R45a, R59, R60] a device's topics and what they mean") {
    const std::array rows = {
        Row{"$resource/data_in", "one:data_in"},
        Row{"$resource/data_in ", "one:data_in "},
        Row{"$resource/ ", "one: "},
        Row{"$resource/", "many"},
        Row{"$resource.batch", "batch"},
        Row{"$content", "content"},
        Row{"$provision/12345", "provision:12345"},
        Row{"foo", "arbitrary"},
        Row{"foo/$resource/x", "arbitrary"},
        Row{"/", "arbitrary"},
        Row{"resource/data_in", "arbitrary"},
        Row{" $resource/data_in", "arbitrary"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.topic);
        CHECK(name_of(murano::classify_publish(row.topic, kDevice)) == row.expected);
    }
}

TEST_CASE("[R46, D9] a device is not entitled to other reserved topics, and is told the near miss") {
    struct Refused {
        std::string_view topic, code, expected;
    };
    const std::array rows = {
        Refused{"$resource", "R46.no_slash", "$resource/<alias>"},
        Refused{"$resource/a/b", "R46.third_level", "'$resource/a'"},
        Refused{"$resource/data_in/1633800180299724", "R46.third_level", "'$resource/data_in'"},
        Refused{"$resource//b", "R46.third_level", "one slash"},
        Refused{"$Resource/data_in", "R46.misspelt_topic", "'$resource/data_in'"},
        Refused{"$resources/data_in", "R46.misspelt_topic", "'$resource/data_in'"},
        Refused{"$resource.Batch", "R46.misspelt_topic", "'$resource.batch'"},
        Refused{"$resource.batch/", "R46.misspelt_topic", "'$resource.batch'"},
        Refused{"$resource.batch ", "R46.misspelt_topic", "'$resource.batch'"},
        Refused{"$Content", "R46.misspelt_topic", "'$content'"},
        Refused{"$content/", "R46.misspelt_topic", "'$content'"},
        Refused{"$contents", "R46.misspelt_topic", "'$content'"},
        Refused{"$provision", "R46.misspelt_topic", "'$provision/'"},
        Refused{"$provision/", "R46.other_device", "own id only"},
        Refused{"$provision/54321", "R46.other_device", "own id only"},
        Refused{"$provision/12345 ", "R46.own_id_misspelt", "'12345'"},
        Refused{"$provision/12345/x", "R46.other_device", "own id only"},
        Refused{"$SYS/broker", "R46.unknown_topic", "dollar sign"},
        Refused{"$", "R46.unknown_topic", "dollar sign"},
        Refused{"$foo/bar", "R46.unknown_topic", "dollar sign"},
    };
    for (const Refused& row : rows) {
        CAPTURE(row.topic);
        const PublishCommand command = murano::classify_publish(row.topic, kDevice);
        const auto* refused = std::get_if<murano::Unentitled>(&command);
        REQUIRE(refused != nullptr);
        CAPTURE(refused->finding.hint);
        CHECK(refused->finding.code == row.code);
        CHECK(refused->finding.severity == journal::Severity::violation);
        CHECK(refused->finding.hint.find(row.expected) != std::string::npos);
    }
}

TEST_CASE("[R46, R48] an anonymous client may publish to $provision/<id> and nowhere else") {
    CHECK(name_of(murano::classify_publish("$provision/12345", kAnonymous)) == "provision:12345");
    CHECK(name_of(murano::classify_publish("$provision/a/b", kAnonymous)) == "provision:a/b");  // R49 refuses it
    for (const std::string_view topic : {"$resource/data_in", "$resource/", "$resource.batch", "$content", "foo",
                                         "$provision", "provision/12345", "$Provision/12345", "$SYS/x", "/"}) {
        CAPTURE(topic);
        const PublishCommand command = murano::classify_publish(topic, kAnonymous);
        const auto* refused = std::get_if<murano::Unentitled>(&command);
        REQUIRE(refused != nullptr);
        const bool close = topic.find("rovision") != std::string_view::npos;
        const auto code = close ? "R46.misspelt_provision" : "R46.anonymous";
        CHECK(refused->finding.code == code);
        CHECK((refused->finding.hint.find("$provision/<device id>") != std::string::npos) == close);
    }
}

TEST_CASE("[R45a] an arbitrary topic that looks like a misspelt reserved one is doubted") {
    const std::array rows = {
        Row{"resource/data_in", "'$resource/data_in'"},   Row{"Resource/data_in", "'$resource/data_in'"},
        Row{" $resource/data_in", "'$resource/data_in'"}, Row{"/$resource/data_in", "'$resource/data_in'"},
        Row{"resource.batch", "'$resource.batch'"},       Row{"content", "'$content'"},
        Row{"provision/12345", "'$provision/12345'"},     Row{" $resorce/data_in", "'$resource/data_in'"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.topic);
        const auto finding = murano::suspicious_topic(row.topic, "12345");
        REQUIRE(finding.has_value());
        CAPTURE(finding->hint);
        CHECK(finding->code == "R45a.misspelt_topic");
        CHECK(finding->severity == journal::Severity::warning);
        CHECK(finding->hint.find(row.expected) != std::string::npos);
    }
    for (const std::string_view topic : {"foo", "resources/data_in", "contents", "a/resource/b", "/a/b", "//", "//x",
                                         "", "status", "$resource/data_in", "$SYS", ".batches"}) {
        CAPTURE(topic);
        CHECK_FALSE(murano::suspicious_topic(topic, "12345").has_value());
    }
}

TEST_CASE("[R45a] what a shell leaves of a reserved topic in double quotes is told as that") {
    const std::array rows = {
        Row{"/data_in", "'$resource/data_in'"},
        Row{"/", "'$resource/'"},
        Row{"/x", "'$resource/x'"},
        Row{".batch", "'$resource.batch'"},
        Row{"/12345", "'$provision/12345'"},
        Row{"/+", "'$resource/+'"},
        Row{"/data_in/#", "'$resource/data_in/#'"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.topic);
        const auto finding = murano::suspicious_topic(row.topic, "12345");
        REQUIRE(finding.has_value());
        CAPTURE(finding->hint);
        CHECK(finding->code == "R45a.shell_expansion");
        CHECK(finding->severity == journal::Severity::warning);
        CHECK(finding->hint.find("Did you mean " + std::string(row.expected) + "?") != std::string::npos);
        CHECK(finding->hint.find("single quotes") != std::string::npos);
        CHECK(finding->hint.ends_with('.'));
    }
    CHECK(murano::suspicious_topic("/content", "12345")->hint == "Did you mean '$content'?");
    CHECK(murano::suspicious_topic("/provision/9", "12345")->hint == "Did you mean '$provision/9'?");
}

TEST_CASE("[R46, R58] a dropped message of a client with an unknown certificate names the certificate") {
    const PublishCommand command = murano::classify_publish("$resource/data_in", Client{"", "gadget"});
    const auto* refused = std::get_if<murano::Unentitled>(&command);
    REQUIRE(refused != nullptr);
    CHECK(refused->finding.code == "R46.unknown_certificate");
    CHECK(refused->finding.severity == journal::Severity::violation);
    CHECK(refused->finding.message.find("its client certificate of 'gadget' belongs to no device") !=
          std::string::npos);
    CHECK(refused->finding.hint.find("identity add <CN> --cert FILE") != std::string::npos);
    const PublishCommand nameless = murano::classify_publish("$resource/data_in", Client{"", ""});
    CHECK(std::get<murano::Unentitled>(nameless).finding.message.find("(without a common name)") != std::string::npos);
    CHECK(name_of(murano::classify_publish("$provision/12345", Client{"", "gadget"})) == "provision:12345");
}

TEST_CASE("[R46] an anonymous client whose shell took $provision away is told so") {
    const PublishCommand command = murano::classify_publish("/12345", kAnonymous);
    const auto* refused = std::get_if<murano::Unentitled>(&command);
    REQUIRE(refused != nullptr);
    CHECK(refused->finding.code == "R46.shell_expansion");
    CHECK(refused->finding.hint.find("Did you mean '$provision/12345'?") != std::string::npos);
    CHECK(refused->finding.hint.find("a shell takes $provision for an empty variable") != std::string::npos);
    CHECK(refused->finding.hint.find("..") == std::string::npos);
}

TEST_CASE("[R60] the payload of a content request is ignored with a finding") {
    CHECK_FALSE(murano::content_request_note("").has_value());
    CHECK(murano::content_request_note("{}")->code == "R60.payload_ignored");
}
