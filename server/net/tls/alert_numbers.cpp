#include "server/net/tls/alert_numbers.h"

#include <algorithm>
#include <array>

#include <openssl/ssl.h>

namespace net {
namespace {

struct AlertName {
    std::string_view name;
    int number;
};

constexpr std::array<AlertName, 27> alert_names{{{"close_notify", 0},
                                                 {"unexpected_message", 10},
                                                 {"bad_record_mac", 20},
                                                 {"record_overflow", 22},
                                                 {"handshake_failure", 40},
                                                 {"bad_certificate", 42},
                                                 {"unsupported_certificate", 43},
                                                 {"certificate_revoked", 44},
                                                 {"certificate_expired", 45},
                                                 {"certificate_unknown", 46},
                                                 {"illegal_parameter", 47},
                                                 {"unknown_ca", 48},
                                                 {"access_denied", 49},
                                                 {"decode_error", 50},
                                                 {"decrypt_error", 51},
                                                 {"protocol_version", 70},
                                                 {"insufficient_security", 71},
                                                 {"internal_error", 80},
                                                 {"inappropriate_fallback", 86},
                                                 {"user_canceled", 90},
                                                 {"missing_extension", 109},
                                                 {"unsupported_extension", 110},
                                                 {"unrecognized_name", 112},
                                                 {"bad_certificate_status_response", 113},
                                                 {"unknown_psk_identity", 115},
                                                 {"certificate_required", 116},
                                                 {"no_application_protocol", 120}}};

}  // namespace

int alert_number(std::string_view name) {
    const auto* const found = std::find_if(alert_names.begin(), alert_names.end(),
                                           [name](const AlertName& alert) { return alert.name == name; });
    return found == alert_names.end() ? SSL_AD_HANDSHAKE_FAILURE : found->number;
}

}  // namespace net
