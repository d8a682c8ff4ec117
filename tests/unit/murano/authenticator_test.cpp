#include "server/murano/authenticator.h"

#include <string>
#include <string_view>
#include <variant>

#include <doctest/doctest.h>

using config::AuthType;
using murano::LoginFields;
using murano::LoginPlan;
using murano::LoginVerdict;
using murano::ShownCertificate;
using murano::StoredIdentity;
using Step = murano::LoginPlan::Step;

namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr std::string_view kToken = "SiOiudD5A7I8GkVfDlyLN4MLjVvql3j0T2dcGGKJ";
constexpr std::string_view kPassword = "a1b2c3d4e5f6g7h8i9j0";

const StoredIdentity kTokenDevice{"12345", AuthType::token, kToken, ""};
const StoredIdentity kPasswordDevice{"12345", AuthType::password, kPassword, ""};
const StoredIdentity kCertificateDevice{"12345", AuthType::certificate, "", "aa:bb"};
const ShownCertificate kCertificate{"12345", "aa:bb", kNow - 10, kNow + 10};

struct Login {
    AuthType connector = AuthType::token;
    LoginFields fields;
    std::optional<ShownCertificate> certificate = std::nullopt;
    std::optional<StoredIdentity> stored = std::nullopt;
    config::ConnectorSettings settings = {};
    std::int64_t now_us = kNow;

    LoginPlan plan() const { return murano::plan_login(fields, certificate, connector); }
    LoginVerdict judge() const {
        config::ConnectorSettings used = settings;
        used.provisioning.auth_type = connector;
        const murano::IpRules ip_allowed(used.provisioning.ip_allowed);
        return murano::judge_login(plan(), stored, {used, ip_allowed, "10.0.0.1", now_us});
    }
};

// "12345", "12345!R13.client_id" (accepted with a finding), "+12345" (provisions), "anonymous", "4 R12.unknown_token".
std::string outcome(const Login& login) {
    struct Namer {
        static std::string note(const std::optional<murano::Finding>& finding) {
            return finding ? "!" + std::string(finding->code) : "";
        }
        std::string operator()(const murano::LoginAccepted& a) const {
            return a.identity + (a.certificate_renewed ? " renewed" : "") + note(a.note);
        }
        std::string operator()(const murano::LoginProvisions& p) const { return "+" + p.identity + note(p.note); }
        std::string operator()(const murano::LoginAnonymous& a) const { return "anonymous" + note(a.note); }
        std::string operator()(const murano::LoginRefused& r) const {
            CHECK(r.finding.message.find(kToken) == std::string::npos);  // no secret in words
            CHECK(r.finding.message.find(kPassword) == std::string::npos);
            CHECK_FALSE(r.finding.hint.empty());
            return std::to_string(r.connack) + " " + std::string(r.finding.code);
        }
    };
    return std::visit(Namer{}, login.judge());
}

}  // namespace

TEST_CASE("[R10, R11, R15] the plan looks up by what the CONNECT shows") {
    const ShownCertificate nameless{"", "aa:bb", 0, kNow};
    struct Row {
        LoginFields fields;
        std::optional<ShownCertificate> certificate;
        AuthType connector;
        Step step;
        std::string_view key;
    };
    const Row rows[] = {
        {{"", "", kToken}, {}, AuthType::token, Step::by_token, kToken},
        {{"", "12345", kToken}, {}, AuthType::token, Step::by_identity, "12345"},
        {{"", "12345", kPassword}, {}, AuthType::password, Step::by_identity, "12345"},
        {{"", "", kToken}, kCertificate, AuthType::certificate, Step::by_token, kToken},  // the password decides
        {{"", {}, {}}, {}, AuthType::token, Step::anonymous, ""},
        {{"", "", {}}, {}, AuthType::token, Step::anonymous, ""},
        {{"", "", ""}, {}, AuthType::token, Step::anonymous, ""},
        {{"any", "", ""}, {}, AuthType::certificate, Step::anonymous, ""},
        {{"", "12345", {}}, {}, AuthType::token, Step::refuse, ""},
        {{"", "12345", ""}, {}, AuthType::token, Step::refuse, ""},
        {{"", {}, {}}, kCertificate, AuthType::certificate, Step::by_certificate, "12345"},
        {{"", "", {}}, kCertificate, AuthType::token, Step::by_certificate, "12345"},
        {{"", "", ""}, kCertificate, AuthType::token, Step::by_certificate, "12345"},
        {{"", "12345", {}}, kCertificate, AuthType::certificate, Step::by_certificate, "12345"},
        {{"", {}, {}}, nameless, AuthType::certificate, Step::refuse, ""},
        {{"", {}, {}}, nameless, AuthType::token, Step::anonymous, ""},
        {{"", "12345", {}}, nameless, AuthType::token, Step::refuse, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.fields.username.value_or("(none)"));
        const LoginPlan plan = murano::plan_login(row.fields, row.certificate, row.connector);
        CHECK(plan.step == row.step);
        CHECK(plan.key == row.key);
    }
}

TEST_CASE("[R10, R11, R12, R14, R16] tokens and passwords") {
    struct Row {
        std::string_view name;
        AuthType connector;
        LoginFields fields;
        std::optional<StoredIdentity> stored;
        std::string_view expected;
    };
    StoredIdentity whitelisted{"12345"};
    StoredIdentity revoked{"12345"};
    revoked.reprovision = true;
    const Row rows[] = {
        {"token alone", AuthType::token, {"", "", kToken}, kTokenDevice, "12345"},
        {"token with its device", AuthType::token, {"12345", "12345", kToken}, kTokenDevice, "12345"},
        {"unknown token", AuthType::token, {"", "", "nonsense"}, {}, "4 R12.unknown_token"},
        {"token of another device", AuthType::token, {"", "54321", kToken}, {}, "4 R14.unknown_device"},
        {"wrong token of a known device",
         AuthType::token,
         {"", "12345", "nonsense"},
         kTokenDevice,
         "4 R12.wrong_credential"},
        {"token with a line end",
         AuthType::token,
         {"", "12345", "SiOiudD5A7I8GkVfDlyLN4MLjVvql3j0T2dcGGKJ\n"},
         kTokenDevice,
         "4 R12.wrong_credential"},
        {"password", AuthType::password, {"", "12345", kPassword}, kPasswordDevice, "12345"},
        {"password without a name", AuthType::password, {"", "", kPassword}, {}, "4 R12.no_username"},
        {"password without a name, found",
         AuthType::password,
         {"", "", kPassword},
         kPasswordDevice,
         "4 R12.no_username"},
        {"wrong password",
         AuthType::password,
         {"", "12345", "b1b2c3d4e5f6g7h8i9j0"},
         kPasswordDevice,
         "4 R12.wrong_credential"},
        {"unknown device", AuthType::password, {"", "12345", kPassword}, {}, "4 R14.unknown_device"},
        {"device without credential", AuthType::token, {"", "12345", kToken}, whitelisted, "4 R12.not_provisioned"},
        {"revoked device", AuthType::token, {"", "12345", kToken}, revoked, "4 R12.revoked_device"},
        {"password for a certificate device",
         AuthType::token,
         {"", "12345", kPassword},
         kCertificateDevice,
         "4 R16.no_certificate_shown"},
        {"[R16] token in a password connector", AuthType::password, {"", "", kToken}, kTokenDevice, "12345"},
        {"[R16] password in a token connector", AuthType::token, {"", "12345", kPassword}, kPasswordDevice, "12345"},
        {"[R16] token in a certificate connector", AuthType::certificate, {"", "", kToken}, kTokenDevice, "12345"},
        {"name without password", AuthType::token, {"", "12345", {}}, {}, "4 R14.no_password"},
        {"name with empty password", AuthType::token, {"", "12345", ""}, {}, "4 R14.no_password"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(outcome({row.connector, row.fields, {}, row.stored}) == row.expected);
    }
}

TEST_CASE("[R12] a right credential of a locked or expired identity gets 5, a wrong one 4") {
    for (const bool locked : {true, false}) {
        StoredIdentity stored = kTokenDevice;
        stored.locked = locked;
        stored.expired = !locked;
        const std::string refused = locked ? "5 R12.locked" : "5 R12.expired";
        CHECK(outcome({AuthType::token, {"", "", kToken}, {}, stored}) == refused);
        CHECK(outcome({AuthType::token, {"", "12345", kToken}, {}, stored}) == refused);
        CHECK(outcome({AuthType::token, {"", "12345", "nonsense"}, {}, stored}) == "4 R12.wrong_credential");
    }
    StoredIdentity provisioned = kTokenDevice;
    provisioned.expire_us = kNow - 1;  // it provisioned in time
    CHECK(outcome({AuthType::token, {"", "", kToken}, {}, provisioned}) == "12345");
}

TEST_CASE("[R13, D1] a ClientID that the table does not allow: a violation, or code 2 with the quirk") {
    struct Row {
        std::string_view client_id;
        bool fits;
        bool fits_certificate;
    };
    for (const Row& row : {Row{"", true, true}, Row{"12345", true, false}, Row{"other", false, false}}) {
        CAPTURE(row.client_id);
        Login token{AuthType::token, {row.client_id, "", kToken}, {}, kTokenDevice};
        Login password{AuthType::password, {row.client_id, "12345", kPassword}, {}, kPasswordDevice};
        Login certificate{AuthType::certificate, {row.client_id}, kCertificate, kCertificateDevice};
        Login newcomer{AuthType::certificate, {row.client_id}, kCertificate};
        CHECK(outcome(token) == (row.fits ? "12345" : "12345!R13.client_id"));
        CHECK(outcome(password) == (row.fits ? "12345" : "12345!R13.client_id"));
        CHECK(outcome(certificate) == (row.fits_certificate ? "12345" : "12345!R13.client_id"));
        CHECK(outcome(newcomer) == (row.fits_certificate ? "+12345" : "+12345!R13.client_id"));
        for (Login* login : {&token, &password, &certificate, &newcomer}) {
            login->settings.quirks.client_id = config::Quirks::ClientId::documented;
        }
        CHECK(outcome(token) == (row.fits ? "12345" : "2 R13.client_id"));
        CHECK(outcome(password) == (row.fits ? "12345" : "2 R13.client_id"));
        CHECK(outcome(certificate) == (row.fits_certificate ? "12345" : "2 R13.client_id"));
        CHECK(outcome(newcomer) == (row.fits_certificate ? "+12345" : "2 R13.client_id"));
    }
}

TEST_CASE("[R13] with the quirk, credentials are judged before the ClientID") {
    Login login{AuthType::token, {"other", "", "nonsense"}};
    login.settings.quirks.client_id = config::Quirks::ClientId::documented;
    CHECK(outcome(login) == "4 R12.unknown_token");
    login.fields.password = kToken;
    login.stored = kTokenDevice;
    login.stored->locked = true;
    CHECK(outcome(login) == "5 R12.locked");
}

TEST_CASE("[R15] the shapes of an anonymous client, with any ClientID") {
    for (const LoginFields& fields : {LoginFields{"", {}, {}}, LoginFields{"", "", {}}, LoginFields{"", "", ""},
                                      LoginFields{"some-client", {}, {}}}) {
        for (const AuthType connector : {AuthType::token, AuthType::password, AuthType::certificate}) {
            CHECK(outcome({connector, fields}) == "anonymous");
        }
    }
}

TEST_CASE("[R13, R15] with the quirk, a ClientID is refused where a password would be provisioned") {
    Login login{AuthType::password, {"some-client"}};
    login.settings.quirks.client_id = config::Quirks::ClientId::documented;
    CHECK(outcome(login) == "2 R13.client_id");
    login.fields.client_id = "";
    CHECK(outcome(login) == "anonymous");
    login = {AuthType::token, {"some-client"}};
    login.settings.quirks.client_id = config::Quirks::ClientId::documented;
    CHECK(outcome(login) == "anonymous");
}

TEST_CASE("[R15, R58] every empty shape beside a certificate of the connector is the certificate device") {
    for (const LoginFields& fields : {LoginFields{"", {}, {}}, LoginFields{"", "", {}}, LoginFields{"", "", ""},
                                      LoginFields{"", "12345", {}}, LoginFields{"", "12345", ""}}) {
        CHECK(outcome({AuthType::certificate, fields, kCertificate, kCertificateDevice}) == "12345");
        CHECK(outcome({AuthType::certificate, fields, kCertificate}) == "+12345");
        CHECK(outcome({AuthType::token, fields, kCertificate, kCertificateDevice}) == "12345");  // [R16]
    }
    CHECK(outcome({AuthType::certificate, {"", "54321", {}}, kCertificate, kCertificateDevice}) ==
          "4 R14.username_beside_certificate");
    CHECK(outcome({AuthType::certificate, {"", "54321", {}}, kCertificate}) == "4 R14.username_beside_certificate");
}

TEST_CASE("[R11] a non-empty Password decides, whatever certificate is shown") {
    CHECK(outcome({AuthType::certificate, {"", "", kToken}, kCertificate, kTokenDevice}) == "12345");
    CHECK(outcome({AuthType::certificate, {"", "", "nonsense"}, kCertificate}) == "4 R12.unknown_token");
    CHECK(outcome({AuthType::certificate, {"", "12345", "nonsense"}, kCertificate, kCertificateDevice}) ==
          "4 R16.no_certificate_shown");
}

TEST_CASE("[R58] in a token or password connector an unknown certificate is ignored, with a note") {
    const StoredIdentity whitelisted{"12345"};
    for (const AuthType connector : {AuthType::token, AuthType::password}) {
        CHECK(outcome({connector, {}, kCertificate}) == "anonymous!R58.unknown_certificate");
        CHECK(outcome({connector, {}, kCertificate, kTokenDevice}) == "anonymous!R58.unknown_certificate");
        CHECK(outcome({connector, {}, kCertificate, whitelisted}) == "anonymous!R58.unknown_certificate");
        CHECK(outcome({connector, {}, ShownCertificate{"", "aa:bb", 0, 1}}) == "anonymous!R58.unknown_certificate");
        CHECK(outcome({connector, {"", "12345", {}}, kCertificate}) == "4 R14.username_beside_certificate");
        CHECK(outcome({connector, {"", "", kToken}, kCertificate, kTokenDevice}) == "12345");
    }
}

TEST_CASE("[R58] a common name that cannot be used is told as that, not as a missing one") {
    ShownCertificate shown{"", "aa:bb", kNow - 10, kNow + 10};
    const auto finding = [&shown] {
        return std::get<murano::LoginRefused>(Login{AuthType::certificate, {}, shown}.judge()).finding;
    };
    CHECK(finding().code == "R58.no_common_name");
    CHECK(finding().message.find("has no common name") != std::string::npos);
    shown.name_fault = "contains the character U+0000";
    CHECK(finding().code == "R58.ambiguous_common_name");
    CHECK(finding().message.find("the common name of the client certificate contains the character U+0000") !=
          std::string::npos);
}

TEST_CASE("[R58] a subject with several common names is told which one counts") {
    const auto finding = murano::several_common_names(2, "gadget");
    CHECK(finding.code == "R58.several_common_names");
    CHECK(finding.message ==
          "The subject of the client certificate has 2 common names; the last one, 'gadget', counts.");
    CHECK_FALSE(finding.hint.empty());
}

TEST_CASE("[R58] a certificate that fails a check gets 4") {
    const auto with = [](ShownCertificate certificate, std::optional<StoredIdentity> stored) {
        return outcome({AuthType::certificate, {}, certificate, stored});
    };
    for (const std::optional<StoredIdentity>& stored :
         {std::optional<StoredIdentity>(), std::optional(kCertificateDevice)}) {
        CHECK(with({"12345", "aa:bb", kNow + 1, kNow + 10}, stored) == "4 R58.certificate_not_yet_valid");
        CHECK(with({"12345", "aa:bb", kNow - 10, kNow - 1}, stored) == "4 R58.certificate_expired");
        CHECK(with({"12345", "aa:bb", kNow, kNow}, stored) == (stored ? "12345" : "+12345"));
    }
    CHECK(with({"12345", "cc:dd", kNow - 10, kNow + 10}, kCertificateDevice) ==
          "4 R58.other_certificate");  // another one of a known CN
    CHECK(with({"12345", "", kNow - 10, kNow + 10}, kCertificateDevice) == "4 R58.other_certificate");
    CHECK(with({"", "aa:bb", kNow - 10, kNow + 10}, {}) == "4 R58.no_common_name");
    CHECK(with({"a/b", "aa:bb", kNow - 10, kNow + 10}, {}) == "4 R49.topic_character");
    CHECK(with(kCertificate, kTokenDevice) == "4 R58.no_certificate_device");  // [R16] it stays a token device
}

TEST_CASE("[R53, R58] the rules of provisioning hold for a first certificate too") {
    Login login{AuthType::certificate, {}, kCertificate};
    SUBCASE("not whitelisted") {
        login.settings.provisioning.presenter_identity = false;
        CHECK(outcome(login) == "4 R53.unknown_identity");
        login.stored = StoredIdentity{"12345"};
        CHECK(outcome(login) == "+12345");
    }
    SUBCASE("disabled") {
        login.settings.provisioning.enabled = false;
        CHECK(outcome(login) == "4 R53.disabled");
        login.stored = kCertificateDevice;
        CHECK(outcome(login) == "12345");
    }
    SUBCASE("address") {
        login.settings.provisioning.ip_whitelisting_enabled = true;
        CHECK(outcome(login) == "4 R53.address_not_allowed");
        login.settings.provisioning.ip_allowed = {"10.0.0.0/8"};
        CHECK(outcome(login) == "+12345");
    }
    SUBCASE("locked, expired, or window over: 5") {
        login.stored = StoredIdentity{"12345"};
        login.stored->locked = true;
        CHECK(outcome(login) == "5 R12.locked");
        login.stored->locked = false;
        login.stored->expired = true;
        CHECK(outcome(login) == "5 R12.expired");
        login.stored->expired = false;
        login.stored->expire_us = kNow;
        CHECK(outcome(login) == "5 R12.expired");
        login.stored->expire_us = kNow + 1;
        CHECK(outcome(login) == "+12345");
    }
    SUBCASE("revoked: the next certificate provisions") {
        login.stored = StoredIdentity{"12345"};
        login.stored->reprovision = true;
        login.stored->expire_us = kNow - 1;
        CHECK(outcome(login) == "+12345");
    }
}

TEST_CASE("[R58] with pki.enabled the certificate must chain, and a renewed one of the same CN is accepted") {
    Login login{AuthType::certificate, {}, kCertificate, kCertificateDevice};
    login.settings.pki.enabled = true;
    CHECK(outcome(login) == "4 R58.certificate_untrusted");
    login.certificate->chains_to_client_ca = true;
    CHECK(outcome(login) == "12345");
    login.certificate->fingerprint = "cc:dd";
    CHECK(outcome(login) == "12345 renewed");
    login.stored->locked = true;
    CHECK(outcome(login) == "5 R12.locked");
    login.stored.reset();
    CHECK(outcome(login) == "+12345");
    login.certificate->chains_to_client_ca = false;
    CHECK(outcome(login) == "4 R58.certificate_untrusted");
}

TEST_CASE("[R12] a locked certificate device gets 5, with another certificate 4") {
    StoredIdentity locked = kCertificateDevice;
    locked.locked = true;
    CHECK(outcome({AuthType::certificate, {}, kCertificate, locked}) == "5 R12.locked");
    CHECK(outcome({AuthType::certificate, {}, ShownCertificate{"12345", "cc:dd", 0, kNow + 1}, locked}) ==
          "4 R58.other_certificate");
}
