#include "server/faults/text_bytes.h"

#include "server/text/base64.h"

#include <doctest/doctest.h>

TEST_CASE("hexadecimal text is bytes, blanks between pairs") {
    CHECK(faults::from_hex("D0 00") == std::string("\xD0\0", 2));
    CHECK(faults::from_hex("") == "");
    for (const auto* bad : {"0", "0g", "d 0", "00x"}) CHECK_MESSAGE(!faults::from_hex(bad), bad);
}

TEST_CASE("base64 is RFC 4648 with its padding") {
    CHECK(text::base64_decode("TWFu") == "Man");
    CHECK(text::base64_decode("TWE=") == "Ma");
    CHECK(text::base64_decode("TQ==") == "M");
    CHECK(text::base64_decode("") == "");
    for (const auto* bad : {"TQ", "T===", "T!==", "===="}) CHECK_MESSAGE(!text::base64_decode(bad), bad);
}
