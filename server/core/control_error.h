#pragma once
// What the control side is told when a call cannot be done.

#include <cstdint>
#include <optional>
#include <string>

namespace device {

// What a caller can do about it. server/api/base/error.cpp gives each its code and its HTTP status.
enum class ErrorKind : std::uint8_t {
    bad_request,    // what was given cannot be; the others of 400 say which part of it
    bad_identity,   // does not fit the connector's identity format
    bad_name,       // of a snapshot
    bad_snapshot,   // no snapshot, or a damaged one
    bad_topic,      // no PUBLISH may carry it
    bad_value,      // not of the resource's format
    not_settable,   // a resource that the cloud may not set
    not_found,      // there is no such thing
    conflict,       // with something that is there
    exists,         // the name is taken
    limit,          // as many go on already as may
    full,           // as many are kept already as may
    newer_version,  // made by a newer program
    stopping,       // the server stops
    storage,        // the disk or the store refuses
    unreadable      // it is stored, and cannot be read
};

struct ControlError {
    ErrorKind kind = ErrorKind::bad_request;
    std::string message;  // what was wrong and what may stand there
    std::string path;     // JSON path of the culprit, e.g. "$.resources.data_in.format"; may be empty
};
using Failure = std::optional<ControlError>;  // nullopt: done

}  // namespace device
