#pragma once
// A device's certificate as a plain value, and whether an authority signed it. [R58, R59]

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

namespace certs {

struct ClientCertificate {
    std::string pem;
    std::string chain_pem;           // the certificates after it, towards an authority; may be empty
    std::string common_name;         // UTF-8; the last CN of the subject; empty: none, or unusable as text
    std::string name_fault;          // why an existing CN is unusable: "contains the character U+0000"
    std::size_t common_names = 0;    // number of CNs in the subject
    std::string fingerprint_sha256;  // lower-case hex of the DER form
    std::int64_t not_before_us = 0;  // µs since 1970
    std::int64_t not_after_us = 0;
    bool self_signed = false;
    bool operator==(const ClientCertificate&) const = default;
};

ClientCertificate describe_certificate(X509* certificate);

// A certificate, or a sentence about what is wrong with the text.
struct ParsedCertificate {
    std::optional<ClientCertificate> certificate;
    std::string error;
};

// The first certificate of a PEM text, with the others as its chain; from a device, a CSV file or the API, at most 64
// KiB. Never throws on bad input.
ParsedCertificate parse_certificate(std::string_view pem);

struct ChainVerdict {
    bool trusted = false;
    std::string reason;  // why not, in a few words
};

// Whether the first certificate of the text chains to one in `ca_pem` (roots and intermediates, each trusted by
// itself), all valid at that time of the emulator's clock. Later certificates of the text may be used on the way. [R58]
ChainVerdict chains_to(std::string_view certificate_pem, std::string_view ca_pem, std::int64_t at_time_us);

}  // namespace certs
