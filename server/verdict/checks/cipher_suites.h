#pragma once
// Which cipher suites are broken, by their numbers in IANA's registry. Pure; any thread.

#include <cstdint>
#include <string_view>

namespace verdict {

enum class SuiteClass : std::uint8_t { fine, dated, broken };

// Broken: RC4, DES, 3DES, export, NULL, anonymous and MD5. Dated: CBC with SHA-1 and static RSA, because OpenSSL's
// default offers them. Fine: GREASE and signalling values.
SuiteClass suite_class(std::uint16_t suite);

// "TLS_RSA_WITH_RC4_128_SHA" for a broken one; empty for others.
std::string_view broken_suite_name(std::uint16_t suite);

}  // namespace verdict
