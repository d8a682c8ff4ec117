#pragma once
// A device's certificate as a plain value, and whether an authority vouches for it. [R58, R59]

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

namespace certs {

struct ClientCertificate {
    std::string pem;
    std::string chain_pem;           // the certificates that came behind it, towards an authority; may be empty
    std::string common_name;         // UTF-8; the last CN of the subject; empty: none, or not usable as text
    std::string name_fault;          // why a CN that is there is not usable: "holds the character U+0000"
    std::size_t common_names = 0;    // how many the subject has
    std::string fingerprint_sha256;  // lower-case hex of the DER form
    std::int64_t not_before_us = 0;  // microseconds since 1970
    std::int64_t not_after_us = 0;
    bool self_signed = false;
    bool operator==(const ClientCertificate&) const = default;
};

ClientCertificate describe_certificate(X509* certificate);

// Either a certificate or a sentence that says what is wrong with the text.
struct ParsedCertificate {
    std::optional<ClientCertificate> certificate;
    std::string error;
};

// The first certificate of a PEM text, and as its chain the others, from a device, a CSV file or the API; at most 64
// KiB. Never throws on bad input.
ParsedCertificate parse_certificate(std::string_view pem);

struct ChainVerdict {
    bool trusted = false;
    std::string reason;  // why not, in a few words
};

// Does the first certificate of the text chain to one in `ca_pem` (roots and intermediates, each trusted by itself),
// all of them valid at that time by the emulator's clock? What follows in the text may be used on the way. [R58]
ChainVerdict chains_to(std::string_view certificate_pem, std::string_view ca_pem, std::int64_t at_time_us);

}  // namespace certs
