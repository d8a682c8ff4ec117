#include "server/build_info.h"

std::string_view build_version() {
    return MURANO_VERSION;
}

std::string_view build_commit() {
    return MURANO_COMMIT;
}
