#pragma once
// Certificates that are wrong or unusual on purpose, for the fault `tls_certificate`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace certs {

enum class FaultyCertificate : std::uint8_t {
    untrusted_ca,  // signed by an unknown authority with our authority's name
    self_signed,
    wrong_name,     // for wrong.example.net
    expired,        // since yesterday
    not_yet_valid,  // from tomorrow
    large_chain,    // valid, but large
    rotated         // valid, with new keys
};

struct FaultyOrder {
    FaultyCertificate how = FaultyCertificate::expired;
    std::size_t bytes = 16'384;     // large_chain: approximate size
    std::size_t intermediates = 3;  // large_chain; ignored if our authority allows none (pathlen 0)
};

std::optional<FaultyCertificate> parse_faulty_certificate(std::string_view name);

}  // namespace certs
