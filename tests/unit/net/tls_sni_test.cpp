#include "server/net/tls/sni.h"

#include <doctest/doctest.h>

namespace {

net::SniChoice choose(std::optional<std::string_view> sni, bool require_sni = true) {
    return net::select_connector(sni, "m2.exosite.io", "local", require_sni);
}

bool says(const net::SniChoice& choice, const char* words) {
    INFO(choice.refusal);
    return choice.refused() && choice.refusal.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("[R3] one label before the domain is the connector, whatever the case") {
    CHECK(choose("x2lmj5npsktbuik9.m2.exosite.io").connector == "x2lmj5npsktbuik9");
    CHECK(choose("X2LMJ5npsktbuik9.M2.Exosite.IO").connector == "x2lmj5npsktbuik9");
    CHECK(choose("a-b-1.m2.exosite.io").connector == "a-b-1");
    CHECK(choose("abc.m2.exosite.io.").connector == "abc");
    CHECK(choose(std::string(63, 'a') + ".m2.exosite.io").connector == std::string(63, 'a'));
}

TEST_CASE("[R3] the domain itself and names not under it mean the default connector") {
    for (const char* name : {"m2.exosite.io", "localhost", "murano", "my_service", "xm2.exosite.io", "exosite.io",
                             "m2.exosite.io.example.com"}) {
        CAPTURE(name);
        CHECK(choose(name).connector == "local");
    }
}

TEST_CASE("[R3] more labels before the domain are refused") {
    CHECK(says(choose("a.b.m2.exosite.io"), "more than one label"));
    CHECK(choose("a.b.m2.exosite.io").code == "R3.several_labels");
}

TEST_CASE("[R3] a label that is no connector id is refused") {
    CHECK(says(choose("my_device.m2.exosite.io"), "connector id"));
    CHECK(choose("my_device.m2.exosite.io").code == "R3.no_connector_id");
    CHECK(says(choose(std::string(64, 'a') + ".m2.exosite.io"), "not a host name"));
    CHECK(choose(".m2.exosite.io").refused());
}

TEST_CASE("[R3] what is no host name is refused, and is not repeated in the message") {
    for (const std::string_view name : {"a\nb", "*.example.com", "a b.m2.exosite.io", "\xff\xff", ""}) {
        const auto choice = choose(name);
        CHECK(choice.refused());
        CHECK(choice.code == "R3.not_a_host_name");
        CHECK(choice.refusal.find("not a host name") != std::string::npos);
    }
}

TEST_CASE("[R3] a name with a port is shown, and told to leave the port out") {
    for (const char* name : {"x.m2.exosite.io:8883", "localhost:8883", "127.0.0.1:443"}) {
        const auto choice = choose(name);
        CHECK(says(choice, name));
        CHECK(choice.code == "R3.port_in_sni");
        CHECK(says(choice, "holds a port"));
        CHECK(choice.hint.find("Leave out the port") != std::string::npos);
    }
    CHECK(says(choose("a b:8883"), "not a host name"));
    CHECK(says(choose("x.m2.exosite.io:"), "not a host name"));
    CHECK(says(choose("x.m2.exosite.io:12a"), "not a host name"));
}

TEST_CASE("[R3] every refusal is a sentence with a hint") {
    for (const std::string_view name : {"a.b.m2.exosite.io", "my_device.m2.exosite.io", "a\nb", "::1", "x:1"}) {
        const auto choice = choose(name);
        REQUIRE(choice.refused());
        CHECK(choice.refusal.ends_with('.'));
        CHECK(choice.refusal.starts_with("The "));
        CHECK(choice.hint.ends_with('.'));
    }
    CHECK(choose("alpha.m2.exosite.io").hint.empty());
}

TEST_CASE("[R3] a missing name is refused, unless require_sni is false") {
    CHECK(says(choose(std::nullopt), "no server name"));
    CHECK(choose(std::nullopt).code == "R3.no_sni");
    CHECK(choose(std::nullopt, false).connector == "local");
}

TEST_CASE("[R3] an IP address counts as a missing name (RFC 6066)") {
    CHECK(says(choose("127.0.0.1"), "IP address"));
    CHECK(says(choose("::1"), "IP address"));
    CHECK(choose("::1").code == "R3.address_as_sni");
    CHECK(choose("127.0.0.1", false).connector == "local");
}
