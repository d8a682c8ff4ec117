#include "server/faults/kinds.h"

#include <array>

namespace faults {
namespace {

constexpr std::array<std::string_view, 7> certificates{"untrusted_ca",  "self_signed", "wrong_name", "expired",
                                                       "not_yet_valid", "large_chain", "rotated"};
// RFC 8446, section 6. close_notify ends a handshake too.
constexpr std::array<std::string_view, 27> alerts{
    "close_notify",          "unexpected_message",    "bad_record_mac",          "record_overflow",
    "handshake_failure",     "bad_certificate",       "unsupported_certificate", "certificate_revoked",
    "certificate_expired",   "certificate_unknown",   "illegal_parameter",       "unknown_ca",
    "access_denied",         "decode_error",          "decrypt_error",           "protocol_version",
    "insufficient_security", "internal_error",        "inappropriate_fallback",  "user_canceled",
    "missing_extension",     "unsupported_extension", "unrecognized_name",       "bad_certificate_status_response",
    "unknown_psk_identity",  "certificate_required",  "no_application_protocol"};
constexpr std::array<std::string_view, 2> versions{"1.2", "1.3"};
constexpr std::array<std::string_view, 2> places{"client_hello", "server_hello"};

constexpr std::array certificate_keys{
    KeyRule{Key::as, "as", KeyType::choice, "which certificate is shown", 0, 0, certificates, {}, true},
    KeyRule{Key::bytes, "bytes", KeyType::number, "large_chain: about so large", 1'024, 131'072, {}, "16384"},
    KeyRule{Key::intermediates, "intermediates", KeyType::number, "large_chain: so many", 0, 10, {}, "3"}};
constexpr std::array abort_keys{
    KeyRule{Key::alert, "alert", KeyType::choice, "its name in RFC 8446", 0, 0, alerts, "handshake_failure"}};
constexpr std::array stall_keys{KeyRule{Key::place, "after", KeyType::choice,
                                        "the last message that is seen; any other name is a fault's, as in every kind",
                                        0, 0, places, "client_hello"}};
constexpr std::array version_keys{KeyRule{Key::max, "max", KeyType::choice, "the newest", 0, 0, versions},
                                  KeyRule{Key::min, "min", KeyType::choice, "the oldest", 0, 0, versions}};
constexpr std::array records_keys{
    KeyRule{Key::bytes, "bytes", KeyType::number, "of application data in a record", 1, 16'384, {}, {}, true}};

constexpr std::array table{
    KindRule{Kind::tls_certificate, "tls_certificate", Layer::tls, "That certificate is shown.", certificate_keys},
    KindRule{Kind::tls_abort, "tls_abort", Layer::tls, "The handshake ends with this alert.", abort_keys},
    KindRule{Kind::tls_stall, "tls_stall", Layer::tls, "The ClientHello is never answered.", stall_keys},
    KindRule{Kind::tls_version, "tls_version", Layer::tls, "No other version is offered.", version_keys},
    KindRule{Kind::tls_records, "tls_records", Layer::tls, "Application data leaves in small records.", records_keys,
             true},
    KindRule{Kind::tls_no_resumption, "tls_no_resumption", Layer::tls, "Every handshake is a full one.", {}},
};

}  // namespace

std::span<const KindRule> tls_kinds() {
    return table;
}

}  // namespace faults
