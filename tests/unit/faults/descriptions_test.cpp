#include "server/faults/fault_json.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

struct Read {
    std::optional<faults::Fault> fault;
    std::string error;
};

Read read(const std::string& text, const faults::Surroundings& around = {}) {
    config::Problems problems;
    const config::ReadContext context{"", text, config::KeyMode::strict, problems};
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    REQUIRE_MESSAGE(parsed.root, text);
    REQUIRE_MESSAGE(parsed.faults.empty(), text);
    auto fault = faults::read_fault(*parsed.root, "$", context, around);
    CHECK(fault.has_value() == problems.ok());
    return {std::move(fault),
            problems.ok() ? "" : problems.errors().front().path + ": " + problems.errors().front().message};
}

std::string stored(const std::string& text) {
    const auto made = read(text);
    REQUIRE_MESSAGE(made.fault, text << ": " << made.error);
    return config::to_json_text(faults::to_json(*made.fault));
}

struct Bad {
    const char* text;
    const char* error;  // its beginning
};

// One row for each way in which a description can be wrong.
const Bad bad_descriptions[] = {
    {R"([])", "$: found an array, expected an object"},
    {R"({})", "$.kind: a fault needs its kind"},
    {R"({"kind":7})", "$.kind: found 7, expected one of refuse, outage"},
    {R"({"kind":"withold","packet":"PUBACK"})", "$.kind: found \"withold\", expected one of refuse, outage"},
    {R"({"kind":"withhold"})", "$.packet: withhold needs it: to the device"},
    {R"({"kind":"withhold","packet":"CONNECT"})", "$.packet: found \"CONNECT\", expected one of CONNACK, PUBACK"},
    {R"({"kind":"withhold","packet":"PUBAK"})",
     "$.packet: found \"PUBAK\", expected one of CONNACK, PUBACK, SUBACK, UNSUBACK, PINGRESP, PUBLISH; did you mean "
     "\"PUBACK\"?"},
    {R"({"kind":"withhold","packet":"PUBACK","tims":3})",
     "$.tims: unknown key of kind withhold, did you mean \"times\"? Expected one of kind, packet,"},
    {R"({"kind":"withhold","packet":"PUBACK","delay_ms":3})", "$.delay_ms: unknown key of kind withhold"},
    {R"({"kind":"withhold","packet":"PUBACK","times":0})",
     "$.times: found 0, expected a whole number from 1 to 1000000000"},
    {R"({"kind":"withhold","packet":"PUBACK","times":"3"})", "$.times: found \"3\", expected a whole number"},
    {R"({"kind":"withhold","packet":"PUBACK","times":1.5})", "$.times: found 1.5, expected a whole number"},
    {R"({"kind":"withhold","packet":"PUBACK","skip":-1})", "$.skip: found -1, expected a whole number from 0"},
    {R"({"kind":"withhold","packet":"PUBACK","probability":1.1})",
     "$.probability: found 1.1, expected a number from 0 to 1"},
    {R"({"kind":"withhold","packet":"PUBACK","probability":"1"})", "$.probability: found \"1\", expected a number"},
    {R"({"kind":"withhold","packet":"PUBACK","per":"device"})",
     "$.per: found \"device\", expected one of all, identity, connection"},
    {R"({"kind":"withhold","packet":"PUBACK","for_ms":0})",
     "$.for_ms: found 0, expected a whole number from 1 to 2678400000"},
    {R"({"kind":"withhold","packet":"PUBACK","after_ms":-1})", "$.after_ms: found -1"},
    {R"({"kind":"withhold","packet":"PUBACK","seed":1.5})", "$.seed: found 1.5"},
    {R"({"kind":"withhold","packet":"PUBACK","name":"a b"})", "$.name: found \"a b\", expected 1 to 64 letters"},
    {R"({"kind":"withhold","packet":"PUBACK","name":"a","fault_name":"b"})",
     "$.fault_name: found \"b\", expected the same as name"},
    {R"({"kind":"withhold","packet":"PUBACK","connector":"A"})", "$.connector: found \"A\", expected a connector id"},
    {R"({"kind":"withhold","packet":"PUBACK","identity":""})",
     "$.identity: found \"\", expected a string of 1 to 255 bytes"},
    {R"({"kind":"withhold","packet":"PUBACK","anonymous":1})", "$.anonymous: found 1, expected true or false"},
    {R"({"kind":"withhold","packet":"PUBACK","ip":"10.0.0.0/33"})",
     "$.ip: found \"10.0.0.0/33\", expected an address or a block"},
    {R"({"kind":"withhold","packet":"PUBACK","after":"a b"})", "$.after: found \"a b\", expected the name of a fault"},
    {R"({"kind":"withhold","packet":"PUBACK","topic":"a/#/b"})",
     "$.topic: found \"a/#/b\", expected an MQTT topic filter"},
    {R"({"kind":"withhold","packet":"PUBACK","match":{"topic":"a/#/b"}})", "$.match.topic: found \"a/#/b\""},
    {R"({"kind":"withhold","packet":"PUBLISH","match":{"regex":"("}})", "$.match.regex: is "},
    {R"({"kind":"withhold","packet":"PUBLISH","match":{"jsonpath":"x"}})", "$.match.jsonpath: "},
    {R"({"kind":"withhold","packet":"PUBLISH","match":{"contans":"x"}})",
     "$.match.contans: unknown key, did you mean \"contains\"?"},
    {R"({"kind":"withhold","packet":"PUBLISH","match":[]})", "$.match: found an array, expected an object"},
    {R"({"kind":"withhold","packet":"PUBLISH","topic":"a","match":{"topic":"a"}})",
     "$.match.topic: found \"a\", expected one filter"},
    {R"({"kind":"withhold","packet":"PUBACK","match":{"contains":"x"}})", "$.match: only a PUBLISH has a payload"},
    {R"({"kind":"withhold","packet":"PINGRESP","topic":"a"})", "$.topic: PINGRESP has no topic"},
    {R"({"kind":"connack","topic":"a"})", "$.topic: connack looks at no topic"},
    {R"({"kind":"latency","delay_ms":1,"topic":"a"})", "$.topic: latency looks at no topic"},
    {R"({"kind":"inject","hex":"00","topic":"a"})", "$.topic: with no packet there is nothing to look at"},
    {R"({"kind":"refuse","connector":"local"})", "$.connector: refuse acts at accept"},
    {R"({"kind":"outage","connector":"local"})", "$.connector: outage acts at accept"},
    {R"({"kind":"outage","times":3})", "$.times: outage affects all ports"},
    {R"({"kind":"outage","ip":"10.0.0.1"})", "$.ip: outage affects all ports"},
    {R"({"kind":"refuse","identity":"7"})", "$.identity: refuse acts before the CONNECT"},
    {R"({"kind":"tls_abort","client_id":"7"})", "$.client_id: tls_abort acts before the CONNECT"},
    {R"({"kind":"tls_stall","anonymous":true})", "$.anonymous: tls_stall acts before the CONNECT"},
    {R"({"kind":"refuse","per":"identity"})", "$.per: refuse acts before the CONNECT"},
    {R"({"kind":"silence","per":"identity"})", "$.per: silence acts before the CONNECT"},
    {R"({"kind":"silence","direction":"up"})", "$.direction: found \"up\", expected one of both, in, out"},
    {R"({"kind":"latency"})", "$.delay_ms: latency needs it"},
    {R"({"kind":"bandwidth","bytes_per_s":0})", "$.bytes_per_s: found 0, expected a whole number from 1"},
    {R"({"kind":"slice","bytes":0})", "$.bytes: found 0, expected a whole number from 1 to 65536"},
    {R"({"kind":"close","how":"rst"})", "$.how: found \"rst\", expected one of fin, reset, half"},
    {R"({"kind":"close","packet":"PUBACK","after_bytes":7})", "$.after_bytes: either after_bytes or packet"},
    {R"({"kind":"close","mid_packet":true})", "$.mid_packet: needs the packet that is cut"},
    {R"({"kind":"close","packet":"SUBSCRIBE","mid_packet":true})",
     "$.mid_packet: only a packet that leaves can be cut"},
    {R"({"kind":"close","packet":"SUBSCRIBE","direction":"out"})", "$.direction: SUBSCRIBE comes from the device"},
    {R"({"kind":"tls_certificate"})", "$.as: tls_certificate needs it"},
    {R"({"kind":"tls_certificate","as":"old"})", "$.as: found \"old\", expected one of untrusted_ca"},
    {R"({"kind":"tls_abort","alert":"handshake_failur"})", "$.alert: found \"handshake_failur\""},
    {R"({"kind":"tls_version"})", "$: tls_version needs max or min"},
    {R"({"kind":"tls_version","max":"1.2","min":"1.3"})", "$.min: min is above max"},
    {R"({"kind":"tls_records","bytes":16385})", "$.bytes: found 16385, expected a whole number from 1 to 16384"},
    {R"({"kind":"connack","code":0})", "$.code: found 0, expected a whole number from 1 to 255"},
    {R"({"kind":"connack","code":3,"session_present":true})", "$.session_present: a CONNACK that refuses has none"},
    {R"({"kind":"connack","session_present":true,"delay_ms":1})", "$.delay_ms: is for a CONNACK that refuses"},
    {R"({"kind":"connack","session_present":true,"stay_ms":1})", "$.stay_ms: is for a CONNACK that refuses"},
    {R"({"kind":"connack","stay_ms":60001})", "$.stay_ms: found 60001, expected a whole number from 0 to 60000"},
    {R"({"kind":"ignore","packet":"PUBACK"})", "$.packet: found \"PUBACK\""},
    {R"({"kind":"delay","packet":"PUBACK"})", "$.delay_ms: delay needs it"},
    {R"({"kind":"duplicate","packet":"PUBACK","copies":101})", "$.copies: found 101"},
    {R"({"kind":"reorder","by":0})", "$.by: found 0"},
    {R"({"kind":"replace","packet":"PUBLISH"})", "$: replace needs a replacement"},
    {R"({"kind":"replace","packet":"CONNACK"})", "$.packet: found \"CONNACK\""},
    {R"({"kind":"replace","packet":"PUBACK","topic":"a"})", "$.topic: PUBACK has none"},
    {R"({"kind":"replace","packet":"PUBACK","code":1})", "$.code: PUBACK has none"},
    {R"({"kind":"replace","packet":"PINGRESP","packet_id":1})", "$.packet_id: PINGRESP has none"},
    {R"({"kind":"replace","packet":"PUBLISH","payload":"z","encoding":"hex"})", "$.payload: is no hex"},
    {R"({"kind":"replace","packet":"PUBLISH","payload":"z","encoding":"base64"})", "$.payload: is no base64"},
    {R"({"kind":"corrupt","packet":"PUBACK","how":"qos3"})",
     "$.how: qos3 does not fit PUBACK: it needs packet to be PUBLISH"},
    {R"({"kind":"corrupt","packet":"PUBLISH","how":"reserved_flags"})", "$.how: reserved_flags does not fit PUBLISH"},
    {R"({"kind":"corrupt","packet":"PINGRESP","how":"unknown_packet_id"})",
     "$.how: unknown_packet_id does not fit PINGRESP"},
    {R"({"kind":"inject"})", "$.hex: inject needs it"},
    {R"({"kind":"inject","hex":""})", "$.hex: found \"\", expected hexadecimal digits for 1 to 65536 bytes"},
    {R"({"kind":"inject","hex":"0"})", "$.hex: found \"0\""},
    {R"({"kind":"coalesce"})", "$: coalesce needs either packets or ms"},
    {R"({"kind":"coalesce","packets":2,"ms":2})", "$: coalesce needs either packets or ms"},
    {R"({"kind":"http_status","status":200})", "$.status: found 200, expected a whole number from 300 to 599"},
    {R"({"kind":"http_status","status":503,"client_id":"a"})", "$.client_id: a request for content has no ClientID"},
    {R"({"kind":"body_cut"})", "$.after_bytes: body_cut needs it"},
    {R"({"kind":"content_list","as":"extr"})", "$.as: found \"extr\""},
    {R"({"kind":"tls_stall","after":"server hello"})", "$.after: found \"server hello\", expected the name of a fault"},
};

// One that each kind takes.
const char* const good_descriptions[] = {
    R"({"kind":"refuse","ip":"10.0.0.0/8"})",
    R"({"kind":"outage","for_ms":100})",
    R"({"kind":"silence","identity":"7","per":"identity"})",
    R"({"kind":"close","packet":"PUBLISH","when":"after"})",
    R"({"kind":"close","packet":"PUBLISH","direction":"out","mid_packet":true})",
    R"({"kind":"close","after_bytes":100,"delay_ms":5,"how":"half"})",
    R"({"kind":"close","idle_ms":5})",
    R"({"kind":"latency","delay_ms":0,"jitter_ms":7})",
    R"({"kind":"bandwidth","bytes_per_s":1})",
    R"({"kind":"slice","bytes":1})",
    R"({"kind":"tls_certificate","as":"large_chain"})",
    R"({"kind":"tls_abort"})",
    R"({"kind":"tls_stall","after":"server_hello","after_fault":"first"})",
    R"({"kind":"tls_stall","after":"first"})",
    R"({"kind":"tls_version","max":"1.2"})",
    R"({"kind":"tls_records","bytes":1,"client_id":""})",
    R"({"kind":"tls_no_resumption","connector":"local"})",
    R"({"kind":"connack"})",
    R"({"kind":"connack","delay_ms":0,"stay_ms":60000})",
    R"({"kind":"connack","session_present":true})",
    R"({"name":"lost-puback","kind":"withhold","packet":"PUBACK","skip":1,"times":3,"probability":0.25,"seed":7})",
    R"({"kind":"withhold","packet":"PUBLISH","match":{"equals":{"a":1},"contains":"x","regex":"y","jsonpath":"/a=1"}})",
    R"({"kind":"ignore","packet":"DISCONNECT","anonymous":false})",
    R"({"kind":"delay","packet":"PUBLISH","topic":"$resource/#","delay_ms":10,"overtake":true})",
    R"({"kind":"duplicate","packet":"PUBLISH"})",
    R"({"kind":"reorder"})",
    R"({"kind":"replace","packet":"PUBLISH","topic":"$provision/#","payload":"short"})",
    R"({"kind":"replace","packet":"PUBLISH","topic":"a/b","match":{"topic":"c","contains":"d"}})",
    R"({"kind":"replace","packet":"SUBACK","code":128,"packet_id":9})",
    R"({"kind":"corrupt","packet":"PINGRESP"})",
    R"({"kind":"inject","hex":"D0 00","packet":"PUBACK","when":"before"})",
    R"({"kind":"coalesce","packets":2,"after":"lost-puback"})",
    R"({"kind":"http_status","name":"firmware*","status":503,"retry_after_s":5,"identity":"7"})",
    R"({"kind":"body_cut","fault_name":"cut","name":"a b/c","after_bytes":0})",
    R"({"kind":"body_flip"})",
    R"({"kind":"body_slow","bytes_per_s":100})",
    R"({"kind":"no_range"})",
    R"({"kind":"content_changed"})",
    R"({"kind":"content_list","as":"extra","client_id":"a"})",
};

}  // namespace

TEST_CASE("a bad description is refused with its path, what stands there and what may") {
    for (const auto& bad : bad_descriptions) {
        const auto made = read(bad.text);
        CHECK_MESSAGE(!made.fault, bad.text);
        CHECK_MESSAGE(made.error.starts_with(bad.error), bad.text << " gives " << made.error);
    }
}

TEST_CASE("each kind is taken, and what is stored reads as the same fault") {
    std::vector<bool> seen(faults::kinds().size());
    for (const auto* text : good_descriptions) {
        const auto once = stored(text);
        CHECK(stored(once) == once);
        seen.at(static_cast<std::size_t>(read(text).fault->kind)) = true;
    }
    for (const auto& rule : faults::kinds()) {
        CHECK_MESSAGE(seen.at(static_cast<std::size_t>(rule.kind)), "no good description of " << rule.name);
    }
}

TEST_CASE("defaults are filled in, and null is the same as nothing") {
    const auto fault = read(R"({"kind":"tls_certificate","as":"large_chain","times":null,"identity":null})").fault;
    REQUIRE(fault);
    CHECK(fault->values.number(faults::Key::bytes) == 16384);
    CHECK(fault->values.number(faults::Key::intermediates) == 3);
    CHECK(read(R"({"kind":"connack"})").fault->values.number(faults::Key::code) == 3);
    CHECK(
        stored(R"({"name":"p","kind":"withhold","packet":"PINGRESP"})") ==
        R"({"fault_name":"p","name":"p","connector":null,"identity":null,"client_id":null,"anonymous":null,"ip":null,)"
        R"("kind":"withhold","packet":"PINGRESP","topic":null,"match":null,"skip":0,"times":null,"probability":1,)"
        R"("seed":null,"per":"all","for_ms":null,"after_ms":0,"after":null})");
}

TEST_CASE("the kind decides what name, topic and after mean") {
    CHECK(read(R"({"kind":"refuse","name":"a"})").fault->name == "a");
    const auto content = read(R"({"kind":"no_range","name":"a","fault_name":"b"})").fault;
    CHECK(content->name == "b");
    CHECK(content->values.text(faults::Key::item) == "a");
    const auto sent = read(R"({"kind":"replace","packet":"PUBLISH","topic":"a"})").fault;
    CHECK(sent->values.text(faults::Key::topic) == "a");
    CHECK(sent->narrowing.topic.empty());
    const auto narrowed = read(R"({"kind":"replace","packet":"PUBLISH","topic":"a/+","payload":""})").fault;
    CHECK(!narrowed->values.has(faults::Key::topic));
    CHECK(narrowed->narrowing.topic == "a/+");
    CHECK(read(R"({"kind":"tls_stall","after":"server_hello"})").fault->after_fault.empty());
    CHECK(read(R"({"kind":"tls_stall","after":"other"})").fault->after_fault == "other");
}

TEST_CASE("inside a connector of the settings file the connector is given") {
    const faults::Surroundings around{.connector = "lab"};
    CHECK(read(R"({"kind":"withhold","packet":"PUBACK"})", around).fault->scope.connector == "lab");
    CHECK(
        read(R"({"kind":"withhold","packet":"PUBACK","connector":"lab"})", around).error.starts_with("$.connector: "));
    CHECK(read(R"({"kind":"refuse"})", around).error.starts_with("$.connector: refuse acts at accept"));
}

TEST_CASE("the name of the path is the fault's") {
    const faults::Surroundings around{.name = "here"};
    CHECK(read(R"({"kind":"refuse"})", around).fault->name == "here");
    CHECK(read(R"({"kind":"refuse","name":"here"})", around).fault->name == "here");
    CHECK(read(R"({"kind":"refuse","name":"there"})", around).error.starts_with("$.name: found \"there\""));
}
