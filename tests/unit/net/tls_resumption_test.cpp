#include "server/net/tls/client_chain.h"
#include "tests/unit/net/tls_pair.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

using tls_test::Client;
using tls_test::keys;
using tls_test::Pair;

namespace {

struct Way {
    int version;
    bool tickets;
};
constexpr Way ways[] = {{TLS1_2_VERSION, true}, {TLS1_2_VERSION, false}, {TLS1_3_VERSION, true}};

Client client_of(const Way& way) {
    Client client;
    client.max_version = way.version;
    client.tickets = way.tickets;
    client.sends_certificate = true;
    return client;
}

tls_test::SessionPtr first_session(const net::TlsContext& context, const Client& client) {
    Pair first(context, client);
    REQUIRE(first.handshake());
    REQUIRE_FALSE(net::tls_resumed(first.server()));
    return first.take_session();
}

}  // namespace

TEST_CASE("[R58] a resumed session still has the client's certificate, with tickets and without") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    for (const Way& way : ways) {
        CAPTURE(way.version);
        CAPTURE(way.tickets);
        Client client = client_of(way);
        const auto session = first_session(context, client);
        client.resume = session.get();
        Pair second(context, client);
        REQUIRE(second.handshake());
        CHECK(net::tls_resumed(second.server()));
        CHECK(net::tls_connector(second.server()) == "alpha");
        CHECK(net::tls_sni(second.server()) == "alpha.m2.exosite.io");
        REQUIRE(net::tls_client_certificate(second.server()).has_value());
        CHECK(net::tls_client_certificate(second.server())->common_name == "device-1");
    }
}

TEST_CASE("[R58] a resumed session still has the chain that the client sent, with tickets and without") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    const std::string middle = keys().authority->pem();
    for (const Way& way : ways) {
        CAPTURE(way.version);
        CAPTURE(way.tickets);
        Client client = client_of(way);
        client.certificate = keys().device;
        client.certificate.certificate_pem += middle;
        tls_test::SessionPtr session;
        {
            Pair first(context, client);
            REQUIRE(first.handshake());
            CHECK(net::tls_client_certificate(first.server())->chain_pem == middle);
            session = first.take_session();
        }
        for (int again = 0; again < 2; ++again) {  // the second time with the ticket of the first resumption
            client.resume = session.get();
            Pair next(context, client);
            REQUIRE(next.handshake());
            CHECK(net::tls_resumed(next.server()));
            const auto seen = net::tls_client_certificate(next.server());
            REQUIRE(seen.has_value());
            CHECK(seen->chain_pem == middle);
            session = next.take_session();
        }
    }
}

TEST_CASE("[R58] a client that sends no chain has none, resumed or not") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    for (const Way& way : ways) {
        Client client = client_of(way);
        const auto session = first_session(context, client);
        client.resume = session.get();
        Pair second(context, client);
        REQUIRE(second.handshake());
        CHECK(net::tls_resumed(second.server()));
        CHECK(net::tls_client_certificate(second.server())->chain_pem == "");
    }
}

TEST_CASE("[R58] of a long chain so much is kept as the bounds allow") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    Client client = client_of({TLS1_3_VERSION, true});
    client.certificate = keys().device;
    for (int i = 0; i < net::longest_client_chain + 4; ++i) {
        client.certificate.certificate_pem += keys().authority->pem();
    }
    const auto count = [](const std::string& pem) {
        int found = 0;
        for (std::size_t at = 0; (at = pem.find("BEGIN CERT", at)) != std::string::npos; ++at) ++found;
        return found;
    };
    Pair first(context, client);
    REQUIRE(first.handshake());
    CHECK(count(net::tls_client_certificate(first.server())->chain_pem) == net::longest_client_chain);
    const auto session = first.take_session();
    client.resume = session.get();
    Pair second(context, client);
    REQUIRE(second.handshake());
    CHECK(count(net::tls_client_certificate(second.server())->chain_pem) == net::longest_client_chain);
}

TEST_CASE("[R3] a session of one connector never resumes in another; a full handshake happens instead") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    for (const Way& way : ways) {
        CAPTURE(way.version);
        CAPTURE(way.tickets);
        Client client = client_of(way);
        const auto session = first_session(context, client);
        client.sni = "beta.m2.exosite.io";
        client.resume = session.get();
        Pair second(context, client);
        REQUIRE(second.handshake());
        CHECK_FALSE(net::tls_resumed(second.server()));
        CHECK(net::tls_connector(second.server()) == "beta");
    }
}

TEST_CASE("[R3] however long its name, a connector resumes its own sessions and no other's") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    for (const std::size_t length : {1U, 31U, 32U, 33U, 63U}) {
        CAPTURE(length);
        Client client;
        client.sni = std::string(length, 'a') + ".m2.exosite.io";
        const auto session = first_session(context, client);
        client.resume = session.get();
        Pair second(context, client);
        REQUIRE(second.handshake());
        CHECK(net::tls_resumed(second.server()));
        client.sni.front() = 'b';
        Pair other(context, client);
        REQUIRE(other.handshake());
        CHECK_FALSE(net::tls_resumed(other.server()));
    }
}

TEST_CASE("[R3] a resumed session cannot reach a refused name") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    for (const Way& way : ways) {
        Client client = client_of(way);
        const auto session = first_session(context, client);
        client.resume = session.get();
        client.sni = "";
        Pair second(context, client);
        CHECK_FALSE(second.handshake());
        CHECK(second.alert_at_client() == SSL_AD_UNRECOGNIZED_NAME);
    }
}

TEST_CASE("[R3a] a changed policy is not undercut by resuming an older session") {
    auto policy = std::make_shared<certs::TlsPolicy>(certs::tls_v1_0_policy());
    const net::TlsContext context(keys().certificates, tls_test::selector(true, policy), tls_test::real_now_us);
    Client client;
    client.sni = "legacy.m2.exosite.io";
    client.max_version = TLS1_2_VERSION;
    const auto session = first_session(context, client);
    *policy = certs::custom_tls_policy("TLSv1.2", {"ECDHE-RSA-AES256-GCM-SHA384"}).policy;
    client.resume = session.get();
    Pair second(context, client);
    REQUIRE(second.handshake());
    CHECK_FALSE(net::tls_resumed(second.server()));
    CHECK(net::tls_cipher(second.server()) == "ECDHE-RSA-AES256-GCM-SHA384");
}

TEST_CASE("a session whose device just dropped the line can be resumed, tickets or not") {
    const net::TlsContext context(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    Client client = client_of({TLS1_2_VERSION, false});
    tls_test::SessionPtr session;
    {
        Pair first(context, client);
        REQUIRE(first.handshake());
        CHECK(first.send_to_server("data"));
        session = first.take_session();
    }
    client.resume = session.get();
    Pair second(context, client);
    REQUIRE(second.handshake());
    CHECK(net::tls_resumed(second.server()));
}
