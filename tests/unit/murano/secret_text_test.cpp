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
    const murano::Finding refused{"R12", journal::Severity::warning, "Password is no token of this connector.", "x"};
    const auto told = murano::with_near_miss(refused, {Kind::cut_short, "d1", {}});
    CHECK(told.message ==
          "Password is no token of this connector; it is the beginning of the credential of 'd1', cut "
          "short.");
    CHECK(told.hint.find("40 characters") != std::string::npos);
}

TEST_CASE("[R12] a secret is hidden wherever it stands, with its length where bytes are counted") {
    CHECK(murano::without_secret("a secret, secret", "secret", false) == "a ****, ****");
    CHECK(murano::without_secret("secrets", "secret", true) == "******s");
    CHECK(murano::without_secret("nothing", "secret", true) == "nothing");
}
