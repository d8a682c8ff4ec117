#include "server/murano/report_parser.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using murano::JsonKind;
using murano::ReportBuffer;
using murano::ReportOutcome;

namespace {

constexpr std::int64_t kReceived = 1'700'000'000'000'000;

// The buffer as text: "1531:data_in=s<21> ...", one word an entry.
std::string dump(const ReportBuffer& buffer) {
    std::string out;
    for (const auto& entry : buffer.entries()) {
        out += (out.empty() ? "" : " ") + std::to_string(entry.timestamp_us) + ":";
        for (const auto& value : buffer.values(entry)) {
            out += std::string(value.alias) + "=" + "snbzoa"[static_cast<int>(value.value.kind)];
            out += "<" + std::string(value.value.text) + ">";
        }
    }
    return out;
}

std::string many(std::string_view payload) {
    ReportBuffer buffer;
    const ReportOutcome outcome = murano::parse_report_many(payload, 7, buffer);
    return outcome.refused ? "refused" : dump(buffer);
}

std::string batch(std::string_view payload) {
    ReportBuffer buffer;
    const ReportOutcome outcome = murano::parse_report_batch(payload, kReceived, buffer);
    return outcome.refused ? "refused" : dump(buffer);
}

struct Row {
    std::string_view payload;
    std::string_view expected;
};

}  // namespace

TEST_CASE("[R39] $resource/ takes an object of alias and value") {
    const Row rows[] = {
        {R"({"data_in":"{\"001\":73.16492}","n":1.50})", R"(7:data_in=s<{"001":73.16492}>n=n<1.50>)"},
        {R"({"b":true,"o":{"x":[1]},"l":[],"z":null})", R"(7:b=b<true>o=o<{"x":[1]}>l=a<[]>z=z<null>)"},
        {R"( { "a" : 1 } )", "7:a=n<1>"},
        {R"({"":"x"})", "7:=s<x>"},
        {R"({"a\u0062":1e999})", "7:ab=n<1e999>"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.payload);
        CHECK(many(row.payload) == row.expected);
    }
}

TEST_CASE("[R38] $resource.batch takes entries with their own timestamps") {
    const Row rows[] = {
        {R"([{"timestamp":1531111131679000,"values":{"data_in":"a"}},{"values":{"x":1,"y":2},"timestamp":0}])",
         "1531111131679000:data_in=s<a> 0:x=n<1>y=n<2>"},
        {R"([{"timestamp":1531111131679000,"values":{},"extra":{"values":[1]}}])", "1531111131679000:"},
        {R"([{"time\u0073tamp":1531111131679000,"values":{"a":1}}])", "1531111131679000:a=n<1>"},
        {R"([{"timestamp":9223372036854775807,"values":{"a":1}}])", "9223372036854775807:a=n<1>"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.payload);
        CHECK(batch(row.payload) == row.expected);
    }
}

TEST_CASE("[R40] an empty array or object does nothing") {
    CHECK(many("{}").empty());
    CHECK(many(" { } ").empty());
    CHECK(batch("[]").empty());
}

TEST_CASE("[R40] malformed JSON and wrong shapes drop the whole message") {
    for (const std::string_view payload :
         {"", " ", "[]", "1", "\"x\"", "{", "{\"a\":1,}", "{\"a\":1}}", "{'a':1}", "{\"a\":1} x", "{\"a\":\"\xFF\"}",
          "{\"a\":01}", "null", "\xEF\xBB\xBF{\"a\":1}", "{\"a\":{\"b\"}}", "{\"\x01",
          "{\"a long enough key \x01 in it\":1}", "{\"a long enough key, not closed"}) {
        CAPTURE(payload);
        CHECK(many(payload) == "refused");
    }
    for (const std::string_view payload : {"",
                                           "{}",
                                           "[1]",
                                           "[[]]",
                                           "[{}]",
                                           R"([{"timestamp":1}])",
                                           R"([{"values":{}}])",
                                           R"([{"timestamp":1,"values":[]}])",
                                           R"([{"timestamp":1,"values":null}])",
                                           R"([{"timestamp":1.5,"values":{}}])",
                                           R"([{"timestamp":1.0,"values":{}}])",
                                           R"([{"timestamp":-1,"values":{}}])",
                                           R"([{"timestamp":-0,"values":{}}])",
                                           R"([{"timestamp":"1","values":{}}])",
                                           R"([{"timestamp":1e3,"values":{}}])",
                                           R"([{"timestamp":null,"values":{}}])",
                                           R"([{"timestamp":9223372036854775808,"values":{}}])",
                                           R"([{"timestamp":1,"values":{"a":1}},])",
                                           R"([{"timestamp":1,"values":{"a":1}})",
                                           R"([{"timestamp":1,"values":{"a":1}} 1])",
                                           R"([{"timestamp":1,"values":{"a":1}},{"timestamp":1}])",
                                           R"({"timestamp":1,"values":{"a":1}})"}) {
        CAPTURE(payload);
        CHECK(batch(payload) == "refused");
    }
}

TEST_CASE("[R40] duplicate keys drop the whole message") {
    CHECK(many(R"({"a":1,"b":2,"a":3})") == "refused");
    CHECK(many(R"({"a":1,"\u0061":3})") == "refused");
    CHECK(batch(R"([{"timestamp":1,"timestamp":1,"values":{}}])") == "refused");
    CHECK(batch(R"([{"timestamp":1,"values":{"a":1},"values":{"b":1}}])") == "refused");
    CHECK(batch(R"([{"timestamp":1,"values":{"a":1,"a":2}}])") == "refused");
    CHECK(batch(R"([{"timestamp":1,"x":0,"x":0,"values":{"a":1}}])") == "refused");
    CHECK(batch(R"([{"timestamp":1,"values":{"a":1}},{"timestamp":2,"values":{"a":2}}])") == "1:a=n<1> 2:a=n<2>");
    std::string wide = "{";
    for (int i = 0; i < 1000; ++i) wide += "\"k" + std::to_string(i) + "\":0,";
    CHECK(many(wide + "\"k1000\":0}") != "refused");
    CHECK(many(wide + "\"k500\":0}") == "refused");
}

TEST_CASE("[R40] the finding of a refused message says where and what") {
    struct Told {
        std::string_view payload;
        std::string_view code;
        std::string_view message;
        std::string_view hint;
    };
    ReportBuffer buffer;
    const Told batches[] = {
        {R"([{"timestamp":1,"values":{"a":01}}])", "R40.json_leading_zero", "a number with a leading zero), at byte 30",
         "Leave out leading zeros"},
        {R"({"timestamp":1})", "R40.object_for_array", "is an object, at byte 0", "Wrap the entry in an array"},
        {R"([{"timestamp":"5","values":{}}])", "R40.quoted_timestamp", "at byte 14", "without quotes"},
        {R"([{"timestamp":1.5,"values":{}}])", "R40.timestamp_not_whole", "not a whole number of microseconds",
         "digits alone"},
        {R"([{"timestamp":1,"values":{"a":1,"a":2}}])", "R40.duplicate_key",
         "'a' occurs twice in the object, at byte 25", "once"},
        {R"([{"values":{}}])", "R40.no_timestamp", "no `timestamp`, at byte 1", "timestamp"},
        {R"([{"timestamp":1}])", "R40.no_values", "no `values`, at byte 1", "Send an array"},
        {R"([{"timestamp":1,"values":[]}])", "R40.values_not_object", "`values` is not an object", "Send an array"},
        {"3", "R40.not_an_array", "not a JSON array", "Send an array"},
        {" ", "R40.empty_message", "is empty", "Send an array"},
        {R"([3])", "R40.entry_not_object", "an entry is not an object, at byte 1", "Send an array"},
    };
    for (const Told& row : batches) {
        CAPTURE(row.payload);
        const ReportOutcome outcome = murano::parse_report_batch(row.payload, kReceived, buffer);
        REQUIRE(outcome.refused.has_value());
        CAPTURE(outcome.refused->message);
        CHECK(outcome.refused->code == row.code);
        CHECK(outcome.refused->message.find(row.message) != std::string::npos);
        CHECK(outcome.refused->hint.find(row.hint) != std::string::npos);
        CHECK(buffer.entries().empty());
        CHECK(buffer.values().empty());
    }
    using namespace std::string_view_literals;
    const Told objects[] = {
        {R"({"t":nan})", "R40.json_nan", "NaN or Infinity, which JSON does not have), at byte 5", "isfinite()"},
        {R"({"t":-nan})", "R40.json_nan", "NaN or Infinity, which JSON does not have), at byte 5", "isfinite()"},
        {R"({"t":-inf})", "R40.json_nan", "NaN or Infinity", "isfinite()"},
        {R"({"t":Infinity})", "R40.json_nan", "NaN or Infinity", "isfinite()"},
        {R"({t:1})", "R40.json_unquoted_key", "a key without double quotes), at byte 1",
         "Put each key in double quotes"},
        {R"({'t':1})", "R40.json_single_quotes", "single quote", "Put each key in double quotes"},
        {R"({"t":1,})", "R40.json_extra_comma", "a comma before the }), at byte 7", "Leave out the comma"},
        {R"({"t":[1,]})", "R40.json_extra_comma", "a comma too many", "Leave out the comma"},
        {"{\"t\":1}\0"sv, "R40.json_zero_byte", "a zero byte follows", "C string"},
        {"{\"t\":1\0"sv, "R40.json_zero_byte", "a zero byte", "C string"},
        {"{\"t\":\"1\0\"}"sv, "R40.json_zero_byte", "a zero byte", "C string"},
        {R"({"t":'x'})", "R40.json_single_quotes", "single quote", "double quotes"},
        {R"({"t":on})", "R40.json_unquoted_string", "a word without quotes", "double quotes"},
        {R"({"t":None})", "R40.json_word_for_null", "a word for a missing value", "Leave the alias out"},
        {R"({"t":+1})", "R40.json_plus_sign", "a plus sign", "Leave out the plus sign"},
        {R"({"t":.5})", "R40.json_bare_point", "a decimal point without a digit", "0.5"},
        {R"({"t":007})", "R40.json_leading_zero", "a leading zero", "leading zeros"},
        {R"({"t":1)", "R40.json_cut_short", "ends too early", "buffer"},
        {R"({"t":"1)", "R40.json_cut_short", "not closed", "buffer"},
        {R"({"t":True})", "R40.json_capital_letter", "a capital letter", "in lower case"},
        {R"({"t":1 /* one */})", "R40.json_missing_comma", "a comma or } is missing", "Send an object"},
        {R"({"t":/* one */1})", "R40.json_comment", "a comment", "Leave out comments"},
        {R"({"t":1} {"t":2})", "R40.json_several_documents", "something follows", "one JSON document"},
        {"{\"t\":\"\xFF\"}", "R40.json_not_utf8", "not UTF-8", "base64"},
        {"{\"t\":\"a\tb\"}", "R40.json_control_character", "a control character", "Send an object"},
        {R"({"t":"\x41"})", "R40.json_escape", "an escape that JSON does not have", "Send an object"},
        {R"({"t":"\u00"})", "R40.json_escape", "four hexadecimal digits", "Send an object"},
        {R"({"t":"\ud800"})", "R40.json_surrogate", "half of a surrogate pair", "Send an object"},
        {"\xEF\xBB\xBF{}", "R40.byte_order_mark", "a byte order mark", "plain UTF-8"},
        {"3", "R40.not_an_object", "not a JSON object", "Send an object"},
        {R"({"t":-})", "R40.json_malformed", "a minus sign without a number", "{\"data_in\":\"...\"}"},
    };
    for (const Told& row : objects) {
        CAPTURE(row.payload);
        const ReportOutcome outcome = murano::parse_report_many(row.payload, kReceived, buffer);
        REQUIRE(outcome.refused.has_value());
        CAPTURE(outcome.refused->message);
        CAPTURE(outcome.refused->hint);
        CHECK(outcome.refused->code == row.code);
        CHECK(outcome.refused->message.find(row.message) != std::string::npos);
        CHECK(outcome.refused->hint.find(row.hint) != std::string::npos);
    }
    const auto array = murano::parse_report_many("[{}]", kReceived, buffer);
    CHECK(array.refused->code == "R40.array_for_object");
    CHECK(array.refused->hint.find("$resource.batch") != std::string::npos);
}

TEST_CASE("[R38] a timestamp that looks like another unit is taken as it stands, with one finding") {
    struct Unit {
        std::string_view timestamp;
        std::string_view code, expected;
    };
    const Unit units[] = {
        {"1531111131", "R38.seconds_for_microseconds", "seconds"},
        {"1531111131679", "R38.milliseconds_for_microseconds", "milliseconds"},
        {"1531111131679000", "", ""},
        {"1531111131679000000", "R38.nanoseconds_for_microseconds", "nanoseconds"},
        {"0", "R38.seconds_for_microseconds", "seconds"},
        {"99999999999", "R38.seconds_for_microseconds", "seconds"},
        {"100000000000", "R38.milliseconds_for_microseconds", "milliseconds"},
        {"99999999999999", "R38.milliseconds_for_microseconds", "milliseconds"},
        {"946684799999999", "R38.clock_not_set", "before the year 2000"},
        {"946684800000000", "", ""},
        {"1700086400000000", "", ""},
        {"1700086400000001", "R38.clock_ahead", "a day ahead"},
    };
    ReportBuffer buffer;
    for (const Unit& unit : units) {
        CAPTURE(unit.timestamp);
        const std::string entry = "{\"timestamp\":" + std::string(unit.timestamp) + ",\"values\":{\"a\":1}}";
        const ReportOutcome outcome = murano::parse_report_batch("[" + entry + "," + entry + "]", kReceived, buffer);
        CHECK_FALSE(outcome.refused.has_value());
        REQUIRE(buffer.entries().size() == 2);
        CHECK(std::to_string(buffer.entries()[1].timestamp_us) == unit.timestamp);
        REQUIRE(outcome.note.has_value() == !unit.expected.empty());
        if (!outcome.note) continue;
        CHECK(outcome.note->code == unit.code);
        CHECK(outcome.note->message.find(unit.expected) != std::string::npos);
    }
}

TEST_CASE("a buffer that is used again holds only the last message") {
    ReportBuffer buffer;
    CHECK_FALSE(murano::parse_report_many(R"({"a":"x\n","b":2})", 1, buffer).refused.has_value());
    CHECK(murano::parse_report_many("{", 1, buffer).refused.has_value());
    CHECK(buffer.entries().empty());
    CHECK_FALSE(murano::parse_report_many(R"({"c":"\t"})", 2, buffer).refused.has_value());
    CHECK(dump(buffer) == "2:c=s<\t>");
}

TEST_CASE("[R6] a batch far over 1 MiB is read whole, with escapes") {
    std::string payload = "[";
    for (int i = 0; i < 20; ++i) {
        payload += (i == 0 ? "" : ",") + std::string(R"({"timestamp":1531111131679000,"values":{"a":"\")") +
                   std::string(200'000, 'x') + R"(\n"}})";
    }
    ReportBuffer buffer;
    CHECK_FALSE(murano::parse_report_batch(payload + "]", kReceived, buffer).refused.has_value());
    REQUIRE(buffer.values().size() == 20);
    for (const auto& value : buffer.values()) {
        CHECK(value.value.text.size() == 200'002);
        CHECK(value.value.text.front() == '"');
        CHECK(value.value.text.back() == '\n');
    }
}

TEST_CASE("a message of more entries and values than allowed is refused as a whole, and read no further") {
    ReportBuffer buffer({.values = 6});
    const auto many_of = [&buffer](const std::string& payload) {
        return murano::parse_report_many(payload, 7, buffer);
    };
    const auto batch_of = [&buffer](const std::string& payload) {
        return murano::parse_report_batch(payload, kReceived, buffer);
    };
    CHECK_FALSE(many_of(R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1})").refused);
    CHECK(many_of(R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1})").refused);
    CHECK(buffer.entries().empty());
    CHECK_FALSE(many_of(R"({"a":[[],{},{"b":1}]})").refused);
    CHECK(many_of(R"({"a":[[],{},{"b":1},[]],"c":1})").refused);
    // An entry, its timestamp and its value.
    const std::string entry = R"({"timestamp":1531111131679000,"values":{"a":1}})";
    CHECK_FALSE(batch_of("[" + entry + "," + entry + "]").refused);
    const auto outcome = batch_of("[" + entry + "," + entry + "," + entry + " and what follows is not even JSON");
    REQUIRE(outcome.refused);
    CHECK(outcome.refused->code == "R40.too_many_values");
    CHECK(outcome.refused->message ==
          "The whole message to $resource.batch was dropped: it has more than 6 entries and values, which is what "
          "limits.max_report_values allows, at byte 97.");
}

TEST_CASE("a message of more bytes than allowed is refused without being read") {
    ReportBuffer buffer({.bytes = 20});
    CHECK_FALSE(murano::parse_report_many(R"({"a":"0123456789ab"})", 7, buffer).refused);
    const auto outcome = murano::parse_report_many(R"({"a":"0123456789abc"})", 7, buffer);
    REQUIRE(outcome.refused);
    CHECK(outcome.refused->code == "R40.message_too_large");
    CHECK(outcome.refused->message.find("it has 21 bytes, and limits.max_report_bytes allows 20") != std::string::npos);
    CHECK(buffer.entries().empty());
}
