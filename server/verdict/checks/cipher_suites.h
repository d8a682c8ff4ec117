#pragma once
// Which cipher suites are broken, by their numbers in IANA's registry. Pure; any thread.

#include <cstdint>
#include <string_view>

namespace verdict {

enum class SuiteClass : std::uint8_t { fine, dated, broken };

// RC4, DES, 3DES, export, NULL, anonymous and MD5 are broken; CBC with SHA-1 and static RSA are dated, since OpenSSL's
// default offers them. GREASE and signalling values are fine.
SuiteClass suite_class(std::uint16_t suite);

// "TLS_RSA_WITH_RC4_128_SHA" for a broken one; empty for others.
std::string_view broken_suite_name(std::uint16_t suite);

}  // namespace verdict
