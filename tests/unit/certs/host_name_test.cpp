#include "certs/host_name.h"

#include <string>

#include <doctest/doctest.h>

TEST_CASE("host names have labels of letters, digits, hyphen and underscore") {
    CHECK(certs::is_host_name("localhost"));
    CHECK(certs::is_host_name("My_Service-1.example.com"));
    CHECK(certs::is_host_name(std::string(63, 'a')));
    CHECK_FALSE(certs::is_host_name(std::string(64, 'a')));
    CHECK_FALSE(certs::is_host_name(""));
    CHECK_FALSE(certs::is_host_name("a."));
    CHECK_FALSE(certs::is_host_name(".a"));
    CHECK_FALSE(certs::is_host_name("a..b"));
    CHECK_FALSE(certs::is_host_name("*.a"));
    CHECK_FALSE(certs::is_host_name("a b"));
    CHECK_FALSE(certs::is_host_name("a\nb"));
    CHECK_FALSE(certs::is_host_name("b\xc3\xbc"));
}

TEST_CASE("IP addresses of both families are recognised") {
    CHECK(certs::is_ip_address("192.0.2.1"));
    CHECK(certs::is_ip_address("::1"));
    CHECK_FALSE(certs::is_ip_address("192.0.2"));
    CHECK_FALSE(certs::is_ip_address("[::1]"));
    CHECK_FALSE(certs::is_ip_address(std::string("::1\0", 4)));
}
