#include "server/journal/event_json.h"

#include "server/journal/json_text.h"
#include "tests/support/sample_events.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidjson/document.h>

using journal::EventType;

namespace {

std::string json(const journal::Event& event) {
    std::string out;
    journal::append_json(out, {7, event});
    return out;
}

const std::string envelope =
    R"("connector":"x2lmj5npsktbuik9","identity":"12345","connection_id":"abcdefghij0123456789","ip":"127.0.0.1",)"
    R"("protocol":"mqtt","timestamp":1700000000000001,"real_timestamp":1700000000000002)";

std::string expected(const std::string& type, const std::string& rest) {
    return R"({"cursor":7,"type":")" + type + "\"," + envelope + rest + "}";
}

journal::Event reported(std::span<const journal::Report> reports) {
    return SampleEvents::with(EventType::data_in, journal::DataPayload{reports});
}

void check_valid(const std::string& text) {
    rapidjson::Document parsed;
    parsed.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag>(text.data(),
                                                                                                text.size());
    CHECK_MESSAGE(!parsed.HasParseError(), text);
}

}  // namespace

TEST_CASE("a plain event is its envelope") {
    CHECK(json(SampleEvents::base(EventType::connect)) == expected("connect", ""));
    CHECK(json(SampleEvents::base(EventType::expired)) == expected("expired", ""));
}

TEST_CASE("a fault shows what it did") {
    CHECK(json(SampleEvents::with(EventType::fault, journal::FaultPayload{"lost", "withhold", 3, "PUBACK", "",
                                                                          "PUBACK 17 was withheld"})) ==
          expected("fault", R"(,"payload":{"name":"lost","kind":"withhold","hit":3,"packet":"PUBACK",)"
                            R"("detail":"PUBACK 17 was withheld"})"));
}

TEST_CASE("what an event does not have is left out") {
    journal::Event event{.type = EventType::deleted,
                         .connector = "c",
                         .identity = {},
                         .connection_id = {},
                         .ip = {},
                         .protocol = journal::Protocol::control,
                         .timestamp_us = 1,
                         .real_timestamp_us = -2,
                         .payload = {}};
    CHECK(json(event) ==
          R"({"cursor":7,"type":"deleted","connector":"c","protocol":"control","timestamp":1,"real_timestamp":-2})");
}

TEST_CASE("[R37] [R38] data_in shows one element per entry, values typed, numbers with their exact text [R40a]") {
    const SampleEvents samples;
    CHECK(json(reported(samples.reports)) ==
          expected("data_in",
                   R"(,"payload":[{"timestamp":1700000000000000,"values":{"temperature":73.16492,"name":"café \"x\"",)"
                   R"("on":true}},{"timestamp":1600000000000000,"values":{"temperature":1e400}}])"));
}

TEST_CASE("a number or boolean that is none stays a string, so that the document is valid") {
    const std::array<journal::NamedValue, 4> values{{{"a", "0x10", journal::ValueKind::number},
                                                     {"b", "yes", journal::ValueKind::boolean},
                                                     {"c", "", journal::ValueKind::number},
                                                     {"d", "1\n", journal::ValueKind::number}}};
    const std::array<journal::Report, 1> reports{{{1, values}}};
    CHECK(json(reported(reports)) ==
          expected("data_in", R"(,"payload":[{"timestamp":1,"values":{"a":"0x10","b":"yes","c":"","d":"1\n"}}])"));
}

TEST_CASE("a value that is not UTF-8 is base64 and says so") {
    const std::array<journal::NamedValue, 2> values{
        {{"a", "\xff\xfe", journal::ValueKind::string}, {"b", "x", journal::ValueKind::string}}};
    const std::array<journal::Report, 1> reports{{{1, values}}};
    CHECK(json(reported(reports)) ==
          expected("data_in",
                   R"(,"payload":[{"timestamp":1,"values":{"a":"//4=","b":"x"},"encodings":{"a":"base64"}}])"));
}

TEST_CASE("[R45a] publish shows topic and payload, binary as base64") {
    CHECK(json(SampleEvents::with(EventType::publish, journal::PublishPayload{"a/b", "hi\n"})) ==
          expected("publish", R"(,"payload":{"topic":"a/b","payload":"hi\n"})"));
    CHECK(json(SampleEvents::with(EventType::publish, journal::PublishPayload{"a/b", "\xc3\x28"})) ==
          expected("publish", R"(,"payload":{"topic":"a/b","payload":"wyg=","encoding":"base64"})"));
    CHECK(json(SampleEvents::with(EventType::publish, journal::PublishPayload{"a/b", std::string_view("\0", 1)})) ==
          expected("publish", R"(,"payload":{"topic":"a/b","payload":"\u0000"})"));
}

TEST_CASE("[R65] content_in shows id, length and mime") {
    CHECK(json(SampleEvents::with(EventType::content_in,
                                  journal::ContentPayload{"log.txt", 1ULL << 40U, "text/plain"})) ==
          expected("content_in", R"(,"payload":{"id":"log.txt","length":1099511627776,"mime":"text/plain"})"));
}

TEST_CASE("disconnect adds who closed and why") {
    CHECK(json(SampleEvents::with(EventType::disconnect, journal::DisconnectPayload{"device", "DISCONNECT"})) ==
          expected("disconnect", R"(,"closed_by":"device","reason":"DISCONNECT")"));
}

TEST_CASE("[R28] a finding adds rule, code, severity, packet, message and hint") {
    CHECK(json(SampleEvents::with(
              EventType::finding,
              journal::FindingPayload{"R28.dup_with_qos_0", journal::Severity::violation, "DUP with QoS 0.", "Do not.",
                                      "PUBLISH", std::uint16_t{9}, "a"})) ==
          expected("finding", R"(,"rule":"R28","code":"R28.dup_with_qos_0","severity":"violation",)"
                              R"("packet":{"type":"PUBLISH","id":9,"topic":"a"},)"
                              R"("message":"DUP with QoS 0.","hint":"Do not.")"));
    CHECK(json(SampleEvents::with(EventType::finding, journal::FindingPayload{"R13", journal::Severity::warning, "m",
                                                                              "", "", std::nullopt, ""})) ==
          expected("finding", R"(,"rule":"R13","severity":"warning","message":"m")"));  // of an older journal
}

TEST_CASE("names that are not UTF-8 are replaced and the event says so") {
    const std::string text = json(SampleEvents::with(EventType::publish, journal::PublishPayload{"a/\xff\xc3z", "x"}));
    CHECK(text ==
          expected("publish",
                   ",\"payload\":{\"topic\":\"a/\xEF\xBF\xBD\xEF\xBF\xBDz\",\"payload\":\"x\"},\"lossy\":true"));
    check_valid(text);
}

TEST_CASE("any bytes anywhere give valid JSON on one line") {
    for (int c = 0; c < 256; ++c) {
        const std::string text = "x" + std::string(1, static_cast<char>(c)) + "\"";
        const std::array<journal::NamedValue, 3> values{{{text, text, journal::ValueKind::string},
                                                         {text, text, journal::ValueKind::number},
                                                         {text, text, journal::ValueKind::boolean}}};
        const std::array<journal::Report, 1> reports{{{1, values}}};
        for (journal::Payload payload :
             {journal::Payload(journal::DataPayload{reports}), journal::Payload(journal::PublishPayload{text, text}),
              journal::Payload(journal::ContentPayload{text, 0, text}),
              journal::Payload(journal::PacketPayload{false, text}),
              journal::Payload(journal::DisconnectPayload{text, text}),
              journal::Payload(
                  journal::FindingPayload{text, journal::Severity::info, text, text, text, std::nullopt, text})}) {
            const std::string out = json({.type = EventType::finding,
                                          .connector = text,
                                          .identity = text,
                                          .connection_id = text,
                                          .ip = text,
                                          .payload = payload});
            check_valid(out);
            CHECK(out.find('\n') == std::string::npos);
        }
    }
}

namespace {
std::string packet_json(std::string_view raw) {
    const std::string text = json(SampleEvents::with(EventType::packet, journal::PacketPayload{false, raw}));
    check_valid(text);
    const std::size_t at = text.find("\"payload\":");
    REQUIRE(at != std::string::npos);
    return text.substr(at + 10, text.rfind(",\"raw\"") - at - 10);
}
}  // namespace

TEST_CASE("a packet shows its direction, type, fields and bytes") {
    const std::string_view publish(
        "\x30\x06\x00\x03"
        "a/bX",
        8);
    CHECK(json(SampleEvents::with(EventType::packet, journal::PacketPayload{true, publish})) ==
          expected("packet", R"(,"payload":{"direction":"out","type":"PUBLISH","qos":0,"dup":false,"retain":false,)"
                             R"("topic":"a/b","payload":"X","raw":"30060003612f6258"})"));
}

TEST_CASE("each packet shows its own fields") {
    CHECK(
        packet_json(std::string_view("\x3b\x06\x00\x01"
                                     "a\x12\x34\xff",
                                     8)) ==
        R"({"direction":"in","type":"PUBLISH","id":4660,"qos":1,"dup":true,"retain":true,"topic":"a","payload":"/w==",)"
        R"("encoding":"base64")");
    CHECK(
        packet_json(std::string_view("\x10\x1f\x00\x04MQTT\x04\xe6\x00\x3c\x00\x01"
                                     "c\x00\x01w\x00\x01m\x00\x05"
                                     "12345\x00\x03***",
                                     33)) ==
        R"({"direction":"in","type":"CONNECT","protocol_name":"MQTT","level":4,"clean_session":true,"keep_alive_s":60,)"
        R"("client_id":"c","will":{"qos":0,"retain":true,"topic":"w","payload":"m"},"username":"12345","password":"***")");
    CHECK(packet_json(std::string_view("\x20\x02\x01\x05", 4)) ==
          R"({"direction":"in","type":"CONNACK","session_present":true,"return_code":5)");
    CHECK(packet_json(std::string_view("\x82\x06\x00\x02\x00\x01#\x01", 8)) ==
          R"({"direction":"in","type":"SUBSCRIBE","id":2,"filters":[{"filter":"#","qos":1}])");
    CHECK(packet_json(std::string_view("\x90\x04\x00\x02\x00\x80", 6)) ==
          R"({"direction":"in","type":"SUBACK","id":2,"return_codes":[0,128])");
    CHECK(packet_json(std::string_view("\xa2\x05\x00\x02\x00\x01#", 7)) ==
          R"({"direction":"in","type":"UNSUBSCRIBE","id":2,"filters":["#"])");
    CHECK(packet_json(std::string_view("\x40\x02\x00\x07", 4)) == R"({"direction":"in","type":"PUBACK","id":7)");
    CHECK(packet_json(std::string_view("\xc0\x00", 2)) == R"({"direction":"in","type":"PINGREQ")");
}

TEST_CASE("a packet that cannot be read still shows its type and bytes") {
    CHECK(packet_json("") == R"({"direction":"in")");
    CHECK(packet_json("\x30").find("\"malformed\":true") != std::string::npos);
    CHECK(packet_json("\x30\xff\xff\xff\xff\xff").find("\"type\":\"PUBLISH\"") != std::string::npos);
    CHECK(packet_json(std::string_view("\x40\x01\x00", 3)) == R"({"direction":"in","type":"PUBACK","malformed":true)");
}

TEST_CASE("base64 is the one of RFC 4648") {
    CHECK(journal::base64("") == "");
    CHECK(journal::base64("f") == "Zg==");
    CHECK(journal::base64("fo") == "Zm8=");
    CHECK(journal::base64("foo") == "Zm9v");
    CHECK(journal::base64("foobar") == "Zm9vYmFy");
    CHECK(journal::base64("\xfb\xff\xfe") == "+//+");
}

TEST_CASE("the number grammar is JSON's") {
    for (const char* number :
         {"0", "-0", "10", "1.5", "1e5", "1E+5", "-1.0e-10", "73.16492", "123456789012345678901234567890"}) {
        CHECK_MESSAGE(journal::is_json_number(number), number);
    }
    for (const char* other :
         {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", " 1", "1 ", "0x1", "NaN", "Infinity", "1,5", "--1", "1.5.2"}) {
        CHECK_MESSAGE(!journal::is_json_number(other), other);
    }
}

TEST_CASE("an event shows at most so much of a message, and says how long it is") {
    const std::string letters(100, 'a');
    std::string out;
    const auto shown = [&out](std::string_view payload, std::size_t most) {
        out.clear();
        journal::append_json(out, {7, SampleEvents::with(EventType::publish, journal::PublishPayload{"t", payload})},
                             most);
        check_valid(out);
        return std::string_view(out);
    };
    CHECK(shown(letters, 100).ends_with("aaa\"}}"));
    CHECK(shown(letters, 4).ends_with(R"("payload":{"topic":"t","payload":"aaaa"},"truncated":true,"length":100})"));
    // No character is cut in two, and bytes that are none are base64.
    CHECK(shown("ab\xC3\xA4z", 3).ends_with(R"("payload":"ab"},"truncated":true,"length":5})"));
    CHECK(shown("\xFF\xFE\xFD\xFC", 3)
              .ends_with(R"("payload":"//79","encoding":"base64"},"truncated":true,"length":4})"));
    CHECK(shown(std::string(300 * 1024, '\1'), journal::default_shown_payload).size() < 400 * 1024);
}

TEST_CASE("of many values those are shown for which there is room, of a long one its beginning") {
    std::vector<journal::NamedValue> values(100'000, {"alias", "12345", journal::ValueKind::number});
    const journal::Report report{1, values};
    std::string out;
    journal::append_json(out, {7, reported({&report, 1})});
    check_valid(out);
    CHECK(out.size() < 100'000);
    CHECK(out.ends_with(R"("truncated":true,"length":500000})"));

    const std::string digits(1000, '1');
    const journal::NamedValue number{"n", digits, journal::ValueKind::number};
    const journal::Report one{1, {&number, 1}};
    out.clear();
    journal::append_json(out, {7, reported({&one, 1})}, 100);
    check_valid(out);
    CHECK(out.find(R"("n":"1111)") != std::string::npos);
    CHECK(out.ends_with(R"("truncated":true,"length":1000})"));

    std::vector<journal::Report> entries(100'000, journal::Report{1, {}});
    out.clear();
    journal::append_json(out, {7, reported(entries)});
    check_valid(out);
    CHECK(out.size() < 500'000);
}

TEST_CASE("a packet of which the beginning is shown is not malformed") {
    std::string raw("\x30\xE8\x07\x00\x01t", 6);
    raw += std::string(997, 'x');
    std::string out;
    journal::append_json(out, {7, SampleEvents::with(EventType::packet, journal::PacketPayload{false, raw})}, 64);
    check_valid(out);
    CHECK(out.find("malformed") == std::string::npos);
    CHECK(out.find(R"("topic":"t")") != std::string::npos);
    CHECK(out.ends_with(R"("truncated":true,"length":1003})"));
}
