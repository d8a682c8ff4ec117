#include "certs/error.h"

#include <openssl/err.h>

namespace certs {

std::string take_openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0) return "no reason given";
    if (const char* reason = ERR_reason_error_string(code)) return reason;
    return "OpenSSL error " + std::to_string(code);
}

void throw_openssl(std::string_view what) {
    throw Error(std::string(what) + ": " + take_openssl_reason());
}

}  // namespace certs
