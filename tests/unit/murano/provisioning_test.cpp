#include "server/murano/provisioning.h"

#include <string>
#include <variant>

#include <doctest/doctest.h>

using config::AuthType;
using config::ConnectorSettings;
using murano::IdentityFacts;
using murano::ProvisionAccepted;
using murano::ProvisionDecision;
using murano::ProvisionRefused;
using murano::ProvisionRequest;

namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;

struct Case {
    ConnectorSettings settings;
    std::optional<IdentityFacts> identity;
    ProvisionRequest request{"12345", "", "10.0.0.1", kNow, ProvisionRequest::Via::mqtt, ""};

    ProvisionDecision decide() const {
        return murano::decide_provisioning(settings, murano::compile_ip_rules(settings), identity, request);
    }
};

using Why = murano::NoProvisioning;

void check_refused(const Case& c, Why why, std::string_view code) {
    const ProvisionDecision decision = c.decide();
    const auto* refused = std::get_if<ProvisionRefused>(&decision);
    REQUIRE(refused != nullptr);
    CAPTURE(refused->finding.message);
    CHECK((refused->why == why));
    CHECK(refused->finding.code == code);
    CHECK_FALSE(refused->finding.hint.empty());
}

ProvisionAccepted accepted(const Case& c) {
    const ProvisionDecision decision = c.decide();
    const auto* out = std::get_if<ProvisionAccepted>(&decision);
    REQUIRE(out != nullptr);
    return *out;
}

}  // namespace

TEST_CASE("[R48, R50] a token is given to an unknown identity and to a whitelisted one") {
    Case c;
    CHECK(accepted(c).auth_type == AuthType::token);
    CHECK_FALSE(accepted(c).note.has_value());
    c.identity = IdentityFacts{};
    CHECK(accepted(c).auth_type == AuthType::token);
}

TEST_CASE("[R48] the payload of a token request is ignored, with a finding, and the request served") {
    Case c;
    c.request.payload = "please";
    REQUIRE(accepted(c).note.has_value());
    CHECK(accepted(c).note->code == "R48.payload_ignored");
    CHECK(accepted(c).note->message.find("please") == std::string::npos);
}

TEST_CASE("[R51] a password has at least 20 characters, counted in code points") {
    struct Row {
        std::string password;
        bool expected;
    };
    std::string accents;
    for (int i = 0; i < 19; ++i) accents += "\xC3\xA9";
    const Row rows[] = {
        {"a1b2c3d4e5f6g7h8i9j0", true},
        {"a1b2c3d4e5f6g7h8i9j", false},
        {"", false},
        {accents, false},
        {accents + "x", true},
        {std::string(65'535, 'x'), true},
        {std::string(65'536, 'x'), false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.password.size());
        Case c;
        c.settings.provisioning.auth_type = AuthType::password;
        c.request.payload = row.password;
        if (!row.expected) {
            check_refused(c, Why::bad_request,
                          row.password.size() > 1000 ? "R51.password_too_long" : "R51.password_too_short");
            continue;
        }
        CHECK(accepted(c).auth_type == AuthType::password);
        CHECK(accepted(c).credential == row.password);
        CHECK_FALSE(accepted(c).note.has_value());
    }
}

TEST_CASE("[R13, R51] a ClientID while provisioning a password is a violation, and the request is served") {
    Case c;
    c.settings.provisioning.auth_type = AuthType::password;
    c.request.payload = "a1b2c3d4e5f6g7h8i9j0";
    c.request.client_id = "12345";
    const ProvisionAccepted out = accepted(c);
    REQUIRE(out.note.has_value());
    CHECK(out.note->code == "R13.client_id_at_provisioning");
    CHECK(out.note->severity == journal::Severity::violation);
    CHECK(out.note->message.find("a1b2c3") == std::string::npos);
}

TEST_CASE("[R53, R64] each refusal has its rule and its HTTP status") {
    Case c;
    SUBCASE("provisioning disabled: 404") {
        c.settings.provisioning.enabled = false;
        check_refused(c, Why::not_found, "R53.disabled");
    }
    SUBCASE("not whitelisted: 404") {
        c.settings.provisioning.presenter_identity = false;
        check_refused(c, Why::not_found, "R53.unknown_identity");
    }
    SUBCASE("certificate connector: 409") {
        c.settings.provisioning.auth_type = AuthType::certificate;
        check_refused(c, Why::conflict, "R53.certificate_connector");
    }
    SUBCASE("bad format: 400") {
        c.settings.identity_format.type = config::IdentityType::base16;
        c.request.id = "xyz";
        check_refused(c, Why::bad_request, "R49.id_type");
    }
    SUBCASE("empty id: 400") {
        c.request.id = "";
        check_refused(c, Why::bad_request, "R49.empty_id");
    }
    SUBCASE("address: 403") {
        c.settings.provisioning.ip_whitelisting_enabled = true;
        c.settings.provisioning.ip_allowed = {"10.0.1.0/24"};
        check_refused(c, Why::forbidden, "R53.address_not_allowed");
    }
    SUBCASE("empty list of addresses: 403") {
        c.settings.provisioning.ip_whitelisting_enabled = true;
        check_refused(c, Why::forbidden, "R53.address_not_allowed");
    }
    SUBCASE("no room: 507") {
        c.request.connector_full = true;
        check_refused(c, Why::full, "R53.connector_full");
    }
    SUBCASE("locked: 403") {
        c.identity = IdentityFacts{};
        c.identity->locked = true;
        check_refused(c, Why::forbidden, "R53.locked");
    }
    SUBCASE("expired: 403") {
        c.identity = IdentityFacts{};
        c.identity->expired = true;
        check_refused(c, Why::forbidden, "R55.window_over");
    }
    SUBCASE("[R54] already provisioned: 409") {
        c.identity = IdentityFacts{AuthType::token, true};
        check_refused(c, Why::conflict, "R54.already_provisioned");
    }
}

TEST_CASE("[R53] whitelisting by address and by identity let through what is on the list") {
    Case c;
    c.settings.provisioning.ip_whitelisting_enabled = true;
    c.settings.provisioning.ip_allowed = {"10.0.0.0/24"};
    c.settings.provisioning.presenter_identity = false;
    c.identity = IdentityFacts{};
    CHECK(accepted(c).auth_type == AuthType::token);
    c.settings.provisioning.ip_whitelisting_enabled = false;
    c.settings.provisioning.ip_allowed.clear();
    CHECK(accepted(c).auth_type == AuthType::token);
}

TEST_CASE("[R54, R63] a revoked identity provisions again, with the connector's type of today") {
    Case c;
    c.identity = IdentityFacts{};
    c.identity->reprovision = true;
    c.identity->expire_us = kNow - 1;  // the old window does not count: it did provision
    CHECK(accepted(c).auth_type == AuthType::token);
    c.settings.provisioning.auth_type = AuthType::password;
    c.request.payload = "a1b2c3d4e5f6g7h8i9j0";
    CHECK(accepted(c).auth_type == AuthType::password);
}

TEST_CASE("[R55] the activation window ends at its microsecond") {
    Case c;
    c.identity = IdentityFacts{};
    for (const std::int64_t offset : {-1, 0, 1}) {
        CAPTURE(offset);
        c.identity->expire_us = kNow + offset;
        CHECK(murano::window_over(*c.identity, kNow) == (offset <= 0));
        if (offset <= 0)
            check_refused(c, Why::forbidden, "R55.window_over");
        else
            CHECK(accepted(c).auth_type == AuthType::token);
    }
    CHECK_FALSE(murano::window_over(IdentityFacts{AuthType::token, true, false, false, false, kNow - 1}, kNow));
}

TEST_CASE("[R59] a certificate device replaces its certificate by one of the same CN") {
    using murano::decide_rotation;
    using murano::NewCertificate;
    const auto refused = [](const murano::RotationDecision& decision) {
        const auto* finding = std::get_if<murano::Finding>(&decision);
        return finding == nullptr ? std::string_view("accepted") : finding->code;
    };
    const auto good = decide_rotation("dev", NewCertificate{"dev", kNow + 1}, kNow);
    REQUIRE(std::holds_alternative<murano::RotationAccepted>(good));
    CHECK_FALSE(std::get<murano::RotationAccepted>(good).note.has_value());
    CHECK(refused(decide_rotation("dev", std::nullopt, kNow)) == "R59.not_pem");
    CHECK(refused(decide_rotation("dev", NewCertificate{"other", kNow + 1}, kNow)) == "R59.other_name");
    const auto expired = decide_rotation("dev", NewCertificate{"dev", kNow - 1}, kNow);
    REQUIRE(std::get<murano::RotationAccepted>(expired).note.has_value());
    CHECK(std::get<murano::RotationAccepted>(expired).note->code == "R59.expired");
}

TEST_CASE("[R50, R51, R64] what a client hears that is granted a credential") {
    using murano::ProvisionReply;
    using Via = ProvisionRequest::Via;
    Case c;
    c.request.payload = "a1b2c3d4e5f6g7h8i9j0";
    const auto heard = [&](Via via) {
        c.request.via = via;
        return accepted(c).reply;
    };
    CHECK(heard(Via::mqtt) == ProvisionReply::credential);
    CHECK(heard(Via::http) == ProvisionReply::credential);
    c.settings.provisioning.auth_type = AuthType::password;
    CHECK(heard(Via::mqtt) == ProvisionReply::none);
    c.settings.quirks.password_reply = config::Quirks::PasswordReply::empty;
    CHECK(heard(Via::mqtt) == ProvisionReply::empty);
    CHECK(heard(Via::http) == ProvisionReply::none);
}

TEST_CASE("[R53] a refusal closes an MQTT connection by quirk, and never an HTTP request") {
    Case c;
    c.settings.provisioning.enabled = false;
    const auto closes = [&](ProvisionRequest::Via via) {
        c.request.via = via;
        return std::get<ProvisionRefused>(c.decide()).closes;
    };
    CHECK_FALSE(closes(ProvisionRequest::Via::mqtt));
    c.settings.quirks.provision_refusal = config::Quirks::ProvisionRefusal::disconnect;
    CHECK(closes(ProvisionRequest::Via::mqtt));
    CHECK_FALSE(closes(ProvisionRequest::Via::http));
}

TEST_CASE(
    "[R54, R59] only the certificate device itself replaces its certificate, whatever its connector gives others") {
    Case c;
    c.identity = IdentityFacts{AuthType::certificate, true};
    c.request.certificate = murano::NewCertificate{"12345", kNow - 1, "PEM"};
    check_refused(c, Why::conflict, "R54.already_provisioned");
    c.request.by_owner = true;
    const auto replaced = accepted(c);
    CHECK(replaced.auth_type == AuthType::certificate);
    CHECK(replaced.credential == "PEM");
    CHECK(replaced.reply == murano::ProvisionReply::none);
    const ProvisionDecision decision = c.decide();
    REQUIRE(murano::finding_of(decision) != nullptr);
    CHECK(murano::finding_of(decision)->code == "R59.expired");
    c.request.certificate.reset();
    check_refused(c, Why::bad_request, "R59.not_pem");
    c.identity->auth_type = AuthType::token;
    check_refused(c, Why::conflict, "R54.already_provisioned");
}
