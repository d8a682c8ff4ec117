#include "server/murano/unknown_certificate.h"

#include "server/murano/quote.h"

namespace murano {

std::string unknown_certificate(std::string_view common_name) {
    const std::string whose = common_name.empty() ? " (without a common name)" : " of " + quoted(common_name);
    return " its client certificate" + whose + " belongs to no device of this connector";
}

}  // namespace murano
