#include "server/murano/secret_text.h"

#include "server/murano/quote.h"

#include <string>

#include <doctest/doctest.h>

using murano::NearMiss;
using Kind = NearMiss::Kind;

namespace {

const std::string token = "abcdefghijABCDEFGHIJ0123456789abcdefghij";

Kind kind_of(const std::string& sent) {
    const auto trimmed = murano::trim_credential(sent);
    REQUIRE(trimmed.has_value());
    CHECK(trimmed->text == token);
    return trimmed->kind;
}

}  // namespace

TEST_CASE("[R12] a token is 40 letters and digits, and no sentence quotes one") {
    CHECK(murano::looks_like_token(token));
    CHECK_FALSE(murano::looks_like_token(token + "a"));
    CHECK_FALSE(murano::looks_like_token(token.substr(1)));
    CHECK_FALSE(murano::looks_like_token(token.substr(1) + "-"));
    CHECK(murano::quoted(token) == "'****'");
}

TEST_CASE("[R12] what stands around a credential is told apart") {
    CHECK(kind_of(token + "\n") == Kind::line_end);
    CHECK(kind_of(token + "\r\n") == Kind::line_end);
    CHECK(kind_of(token + " ") == Kind::spaces);
    CHECK(kind_of(" " + token) == Kind::spaces);
    CHECK(kind_of('"' + token + '"') == Kind::quotes);
    CHECK(kind_of("'" + token + "'") == Kind::quotes);
    CHECK(kind_of(token + std::string(1, '\0')) == Kind::line_end);
    CHECK_FALSE(murano::trim_credential(token).has_value());
    CHECK_FALSE(murano::trim_credential("").has_value());
}

TEST_CASE("[R12] a near miss is told behind the refusal, with its own hint") {
    const murano::Finding refused{"R12.unknown_token", journal::Severity::warning,
                                  "Password is not a token of this connector.", "x"};
    const auto told = murano::with_near_miss(refused, {Kind::cut_short, "d1", {}});
    CHECK(told.code == "R12.cut_short");
    CHECK(told.message ==
          "Password is not a token of this connector; it is the beginning of the credential of 'd1', cut "
          "short.");
    CHECK(told.hint.find("40 characters") != std::string::npos);
}

TEST_CASE("[R12, R14] a near miss has a code of its own, of the rule that was broken") {
    struct Row {
        Kind kind;
        std::string_view behind_r12, behind_r14;
    };
    const Row rows[] = {
        {Kind::username_is_token, "R12.unknown_token", "R14.token_as_username"},
        {Kind::client_id_is_token, "R12.token_as_client_id", "R14.token_as_client_id"},
        {Kind::own_id, "R12.device_id_as_password", "R14.device_id_as_password"},
        {Kind::line_end, "R12.line_end", "R14.line_end"},
        {Kind::spaces, "R12.white_space", "R14.white_space"},
        {Kind::quotes, "R12.quotes", "R14.quotes"},
        {Kind::cut_short, "R12.cut_short", "R14.cut_short"},
        {Kind::other_device, "R12.other_device", "R14.other_device"},
        {Kind::other_connector, "R12.other_connector", "R14.other_connector"},
        {Kind::revoked, "R12.old_token", "R14.old_token"},
        {Kind::username_case, "R12.unknown_token", "R14.username_case"},
        {Kind::username_spaces, "R12.unknown_token", "R14.username_white_space"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.behind_r14);
        const auto code = [&row](std::string_view refusal) {
            const murano::Finding refused{refusal, journal::Severity::warning, "No.", "x"};
            return murano::with_near_miss(refused, {row.kind, "d1", "c1"}).code;
        };
        CHECK(code("R12.unknown_token") == row.behind_r12);
        CHECK(code("R14.unknown_device") == row.behind_r14);
        CHECK(code("R58.certificate_expired") == "R58.certificate_expired");  // which is what keeps it out
    }
}

TEST_CASE("[R12] a secret is hidden wherever it stands, with its length where bytes are counted") {
    CHECK(murano::without_secret("a secret, secret", "secret", false) == "a ****, ****");
    CHECK(murano::without_secret("secrets", "secret", true) == "******s");
    CHECK(murano::without_secret("nothing", "secret", true) == "nothing");
}
