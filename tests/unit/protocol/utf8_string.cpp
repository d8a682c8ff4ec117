#include "protocol/utf8_string.h"

#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <string>

#include <doctest/doctest.h>

using protocol::check_text;
using protocol::TextQuality;
using test::code_of;
using test::connect_packet;
using test::Machine;
using test::publish_packet;

TEST_CASE("well-formed text of one to four bytes a character is good [MQTT-1.5.3-1]") {
    CHECK(check_text("") == TextQuality::good);
    CHECK(check_text("plain ASCII ~") == TextQuality::good);
    CHECK(check_text("\xC2\xA0") == TextQuality::good);          // U+00A0, the first behind the C1 controls
    CHECK(check_text("\xDF\xBF") == TextQuality::good);          // U+07FF
    CHECK(check_text("\xE0\xA0\x80") == TextQuality::good);      // U+0800
    CHECK(check_text("\xED\x9F\xBF") == TextQuality::good);      // U+D7FF
    CHECK(check_text("\xEE\x80\x80") == TextQuality::good);      // U+E000
    CHECK(check_text("\xEF\xBF\xBD") == TextQuality::good);      // U+FFFD
    CHECK(check_text("\xF0\x90\x80\x80") == TextQuality::good);  // U+10000
    CHECK(check_text("\xF4\x8F\xBF\xBD") == TextQuality::good);  // U+10FFFD
}

TEST_CASE("text that is not UTF-8 is ill-formed [MQTT-1.5.3-1]") {
    for (const char* bad : {
             "\x80",              // a continuation byte alone
             "a\xBF",             //
             "\xC3",              // cut off after one of two,
             "\xE2\x82",          // two of three,
             "\xF0\x9F\x98",      // three of four
             "\xC3(",             // no continuation
             "\xE2(\xA1",         //
             "\xE2\x82(",         //
             "\xF0\x28\x8C\xBC",  //
             "\xC0\xAF",          // overlong slash, two bytes
             "\xC1\xBF",          //
             "\xE0\x80\xAF",      // three
             "\xE0\x9F\xBF",      //
             "\xF0\x80\x80\xAF",  // four
             "\xF0\x8F\xBF\xBF",  //
             "\xED\xA0\x80",      // surrogates: U+D800,
             "\xED\xBF\xBF",      // U+DFFF
             "\xF4\x90\x80\x80",  // above U+10FFFF
             "\xF5\x80\x80\x80",  //
             "\xFE",              //
             "\xFF",              //
         }) {
        CAPTURE(test::to_hex(bad));
        CHECK(check_text(bad) == TextQuality::ill_formed);
    }
    CHECK(check_text(std::string("\0\xFF", 2)) == TextQuality::ill_formed);
}

TEST_CASE("U+0000 is told apart from other controls [MQTT-1.5.3-2]") {
    CHECK(check_text(std::string("a\0b", 3)) == TextQuality::null_character);
    CHECK(check_text(std::string("\x01\0", 2)) == TextQuality::null_character);
    CHECK(check_text("\xC0\x80") == TextQuality::ill_formed);  // Java's overlong zero
}

TEST_CASE("[R5] controls and non-characters are doubtful, not wrong") {
    for (const char* text : {"\x01", "\x1F", "\x7F", "\xC2\x80", "\xC2\x9F", "\xEF\xB7\x90", "\xEF\xB7\xAF",
                             "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF"}) {
        CAPTURE(test::to_hex(text));
        CHECK(check_text(text) == TextQuality::doubtful);
    }
}

TEST_CASE("[R5] doubtful text in any string is accepted and marked") {
    Machine machine;
    machine.feed(connect_packet({.client_id = "a\x01"}));
    CHECK(machine.last().find("doubtful=1") != std::string::npos);
    machine.feed(publish_packet("t\x7F", "\x01"));
    CHECK(machine.last().find("doubtful=1") != std::string::npos);
    machine.feed(publish_packet("t", "\x01"));  // payloads are no text
    CHECK(machine.last().find("doubtful=0") != std::string::npos);
    machine.feed(test::subscribe_packet(1, {{"good", 0}, {"\xEF\xBF\xBF", 0}}));
    CHECK(machine.last().find("doubtful=1") != std::string::npos);
    machine.feed(test::unsubscribe_packet(1, {"\x02", "good"}));
    CHECK(machine.last().find("doubtful=1") != std::string::npos);
}

TEST_CASE("a byte order mark is kept wherever it stands [MQTT-1.5.3-3]") {
    Machine machine = Machine::connected();
    machine.feed(publish_packet("\xEF\xBB\xBFt\xEF\xBB\xBF", ""));
    CHECK(machine.last().find("topic='\xEF\xBB\xBFt\xEF\xBB\xBF' payload= doubtful=0") != std::string::npos);
}

TEST_CASE("ill-formed text closes in every string of every packet [MQTT-1.5.3-1], [MQTT-3.1.3-4], [MQTT-3.1.3-11]") {
    const std::string bad = "a\xED\xA0\x80";
    CHECK(test::code_of_first(connect_packet({.name = bad})) == "MQTT-1.5.3-1.ill_formed_utf8");
    CHECK(test::code_of_first(connect_packet({.client_id = bad})) == "MQTT-1.5.3-1.ill_formed_utf8");
    const auto will = connect_packet({.flags = 0x06, .rest = test::str(bad) + test::str("m")});
    CHECK(test::code_of_first(will) == "MQTT-1.5.3-1.ill_formed_utf8");
    CHECK(test::code_of_first(connect_packet({.flags = 0x82, .rest = test::str(bad)})) ==
          "MQTT-1.5.3-1.ill_formed_utf8");
    CHECK(code_of(publish_packet(bad, "")) == "MQTT-1.5.3-1.ill_formed_utf8");
    CHECK(code_of(test::subscribe_packet(1, {{"good", 0}, {bad, 0}})) == "MQTT-1.5.3-1.ill_formed_utf8");
    CHECK(code_of(test::unsubscribe_packet(1, {bad})) == "MQTT-1.5.3-1.ill_formed_utf8");
}

TEST_CASE("U+0000 closes in every string of every packet [MQTT-1.5.3-2], [MQTT-4.7.3-2]") {
    const std::string bad("a\0b", 3);
    CHECK(test::code_of_first(connect_packet({.client_id = bad})) == "MQTT-1.5.3-2.null_character");
    CHECK(test::code_of_first(connect_packet({.flags = 0x82, .rest = test::str(bad)})) ==
          "MQTT-1.5.3-2.null_character");
    CHECK(code_of(publish_packet(bad, "")) == "MQTT-1.5.3-2.null_character");
    CHECK(code_of(test::subscribe_packet(1, {{bad, 0}})) == "MQTT-1.5.3-2.null_character");
    CHECK(code_of(test::unsubscribe_packet(1, {bad})) == "MQTT-1.5.3-2.null_character");
}
