#include "server/api/base/error.h"

namespace api {
namespace {

struct OnTheWire {
    int status;
    const char* code;
};

OnTheWire shown_as(device::ErrorKind kind) {
    using Kind = device::ErrorKind;
    switch (kind) {
        case Kind::bad_request:
            return {400, "bad_request"};
        case Kind::bad_identity:
            return {400, "bad_identity"};
        case Kind::bad_name:
            return {400, "bad_name"};
        case Kind::bad_snapshot:
            return {400, "bad_snapshot"};
        case Kind::bad_topic:
            return {400, "bad_topic"};
        case Kind::bad_value:
            return {400, "bad_value"};
        case Kind::not_settable:
            return {400, "not_settable"};
        case Kind::not_found:
            return {404, "not_found"};
        case Kind::conflict:
            return {409, "conflict"};
        case Kind::exists:
            return {409, "exists"};
        case Kind::limit:
            return {409, "limit"};
        case Kind::newer_version:
            return {409, "newer_version"};
        case Kind::stopping:
            return {503, "stopping"};
        case Kind::full:
            return {507, "limit"};
        case Kind::storage:
            return {507, "storage"};
        case Kind::unreadable:
            break;
    }
    return {500, "storage"};
}

}  // namespace

Error::Error(device::ControlError error)
    : Error(shown_as(error.kind).status, shown_as(error.kind).code, std::move(error.message), std::move(error.path)) {}

}  // namespace api
