#include "server/murano/identity_rules.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using config::Casing;
using config::IdentityFormat;
using config::IdentityType;
using murano::check_identity;

namespace {

struct Row {
    IdentityType type;
    Casing casing;
    std::uint32_t length;
    std::string_view prefix;
    std::string_view id;
    bool expected;
};

}  // namespace

TEST_CASE("[R49] an id must fit the connector's identity format") {
    using T = IdentityType;
    using C = Casing;
    const Row rows[] = {
        {T::opaque, C::mixed, 0, "", "12345", true},
        {T::opaque, C::lower, 3, "", "Any Thing: \xC3\xA9 ~", true},  // casing and length do not hold for opaque
        {T::opaque, C::mixed, 0, "dev-", "dev-1", true},
        {T::opaque, C::mixed, 0, "dev-", "dev-", true},
        {T::opaque, C::mixed, 0, "dev-", "Dev-1", false},
        {T::opaque, C::mixed, 0, "dev-", "1", false},
        {T::base10, C::mixed, 0, "", "0123456789", true},
        {T::base10, C::mixed, 8, "", "00000001", true},
        {T::base10, C::mixed, 8, "", "0000001", false},
        {T::base10, C::mixed, 8, "", "000000001", false},
        {T::base10, C::mixed, 8, "sn", "sn00000001", true},
        {T::base10, C::mixed, 10, "sn", "sn00000001", false},
        {T::base10, C::mixed, 0, "sn", "sn", false},
        {T::base10, C::mixed, 0, "", "12a", false},
        {T::base10, C::mixed, 0, "", "-1", false},
        {T::base10, C::upper, 0, "", "12", true},
        {T::base16, C::mixed, 0, "", "00fFAb", true},
        {T::base16, C::lower, 0, "", "00ff", true},
        {T::base16, C::lower, 0, "", "00FF", false},
        {T::base16, C::upper, 0, "", "00FF", true},
        {T::base16, C::upper, 0, "", "00Ff", false},
        {T::base16, C::lower, 4, "X-", "X-00ff", true},  // casing holds behind the prefix
        {T::base16, C::mixed, 0, "", "0g", false},
        {T::base16, C::mixed, 4, "", "00ff0", false},
        {T::mac_colon, C::mixed, 0, "", "00:ee:ff:01:02:03", true},
        {T::mac_colon, C::mixed, 0, "", "00:EE:ff:01:02:03", true},
        {T::mac_colon, C::lower, 0, "", "00:EE:ff:01:02:03", false},
        {T::mac_colon, C::upper, 0, "", "00:EE:FF:01:02:03", true},
        {T::mac_colon, C::mixed, 0, "", "00-ee-ff-01-02-03", false},
        {T::mac_colon, C::mixed, 0, "", "00:ee:ff:01:02", false},
        {T::mac_colon, C::mixed, 0, "", "00:ee:ff:01:02:03:04", false},
        {T::mac_colon, C::mixed, 3, "", "00:ee:ff:01:02:03", true},  // length does not hold
        {T::mac_dash, C::mixed, 0, "", "00-ee-ff-01-02-03", true},
        {T::mac_dash, C::mixed, 0, "", "00ee.ff01.0203", false},
        {T::mac_dot, C::mixed, 0, "", "00ee.ff01.0203", true},
        {T::mac_dot, C::upper, 0, "", "00ee.ff01.0203", false},
        {T::mac_dot, C::mixed, 0, "", "00:ee:ff:01:02:03", false},
        {T::uuidv4, C::mixed, 0, "", "3f0c2b6e-9d1a-4c5f-8e7b-2a6d4f1c9b30", true},
        {T::uuidv4, C::upper, 0, "", "3F0C2B6E-9D1A-4C5F-BE7B-2A6D4F1C9B30", true},
        {T::uuidv4, C::lower, 0, "", "3F0C2B6E-9D1A-4C5F-BE7B-2A6D4F1C9B30", false},
        {T::uuidv4, C::mixed, 0, "", "3f0c2b6e-9d1a-1c5f-8e7b-2a6d4f1c9b30", false},  // version 1
        {T::uuidv4, C::mixed, 0, "", "3f0c2b6e-9d1a-4c5f-7e7b-2a6d4f1c9b30", false},  // variant
        {T::uuidv4, C::mixed, 0, "", "3f0c2b6e9d1a4c5f8e7b2a6d4f1c9b30", false},
        {T::uuidv4, C::mixed, 0, "u:", "u:3f0c2b6e-9d1a-4c5f-ae7b-2a6d4f1c9b30", true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.id);
        const IdentityFormat format{row.type, std::string(row.prefix), row.casing, row.length};
        const auto finding = check_identity(format, row.id);
        CHECK(finding.has_value() != row.expected);
        if (finding) {
            CHECK(finding->code.starts_with("R49."));
            CHECK_FALSE(finding->hint.empty());
        }
    }
}

TEST_CASE("[R49] whatever the type, an id has 1 to 255 bytes and nothing that topics or logs trip over") {
    const IdentityFormat opaque;
    CHECK_FALSE(check_identity(opaque, std::string(255, 'x')).has_value());
    CHECK(check_identity(opaque, "")->code == "R49.empty_id");
    CHECK(check_identity(opaque, std::string(256, 'x'))->code == "R49.id_too_long");
    for (const std::string_view id : {"a/b", "a+", "#"}) {
        CAPTURE(id);
        CHECK(check_identity(opaque, id)->code == "R49.topic_character");
    }
    for (const std::string& id : {std::string("a\n"), std::string("a\x7F"), std::string("a\xC2\x85"),
                                  std::string("\xFF"), std::string("a\0b", 3)}) {
        CAPTURE(id);
        CHECK(check_identity(opaque, id)->code == "R49.control_characters");
    }
}

TEST_CASE("[R49] the finding says what is wrong") {
    const auto code = [](const IdentityFormat& format, std::string_view id) {
        return check_identity(format, id)->code;
    };
    CHECK(code({IdentityType::base16, "", Casing::lower, 0}, "AB") == "R49.id_case");
    CHECK(code({IdentityType::base10, "", Casing::mixed, 8}, "1") == "R49.id_length");
    CHECK(code({IdentityType::base10, "", Casing::mixed, 0}, "12 ") == "R49.white_space");
    CHECK(code({IdentityType::base10, "", Casing::mixed, 0}, "12a") == "R49.id_type");
    CHECK(code({IdentityType::opaque, "dev-", Casing::mixed, 0}, "1") == "R49.id_prefix");
}

TEST_CASE("[R49] the finding says how to write the id") {
    CHECK(check_identity({IdentityType::base16, "x", Casing::lower, 0}, "xAB")->hint == "Write it as 'xab'.");
    CHECK(check_identity({IdentityType::base10, "", Casing::mixed, 8}, "1")->message.find("1 digits, not 8") !=
          std::string::npos);
    CHECK(check_identity({IdentityType::base10, "", Casing::mixed, 0}, "12 ")->hint.find("white space") !=
          std::string::npos);
    CHECK(check_identity({IdentityType::opaque, "dev-", Casing::mixed, 0}, "DEV-1")->hint.find("case") !=
          std::string::npos);
}
