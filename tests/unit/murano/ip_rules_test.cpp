#include "server/murano/ip_rules.h"

#include <string_view>

#include <doctest/doctest.h>

using murano::IpRules;

TEST_CASE("[R53] an address is in a list of addresses and CIDR blocks") {
    struct Row {
        const char* entry;
        std::string_view address;
        bool expected;
    };
    const Row rows[] = {
        {"10.0.0.1", "10.0.0.1", true},
        {"10.0.0.1", "10.0.0.2", false},
        {"10.0.0.1", "::ffff:10.0.0.1", true},
        {"::ffff:10.0.0.1", "10.0.0.1", true},
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"192.168.1.128/25", "192.168.1.128", true},
        {"192.168.1.128/25", "192.168.1.127", false},
        {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "1.2.3.4", true},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::1", false},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::1", "::1", true},
        {"fe80::/10", "fe80::1%eth0", true},
        {"::ffff:10.0.0.0/104", "10.7.7.7", true},
        {"10.0.0.1/32", "10.0.0.1", true},
        {"10.0.0.1/32", "10.0.0.0", false},
        {"10.0.0.1", "", false},
        {"10.0.0.1", "nonsense", false},
        {"nonsense", "10.0.0.1", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.entry);
        CAPTURE(row.address);
        CHECK(IpRules({row.entry}).contains(row.address) == row.expected);
        CHECK(IpRules({"203.0.113.9", row.entry}).contains(row.address) == row.expected);
    }
    CHECK_FALSE(IpRules().contains("10.0.0.1"));
}

TEST_CASE("[R53] what is an entry") {
    for (const std::string_view entry : {"1.2.3.4", "1.2.3.4/0", "1.2.3.4/32", "::1", "::/128"}) {
        CAPTURE(entry);
        CHECK(IpRules({std::string(entry)}).contains(entry.substr(0, entry.find('/'))));
    }
    for (const std::string_view entry :
         {"", "/8", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/8x", "::1/129", "1.2.3", "1.2.3.4/ 8", "host"}) {
        CAPTURE(entry);
        for (const std::string_view address : {"1.2.3.4", "0.0.0.0", "::1", "::"}) {
            CHECK_FALSE(IpRules({std::string(entry)}).contains(address));
        }
    }
}
