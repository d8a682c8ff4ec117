#pragma once
// Identities: list, show, create, change, delete.
// A part of ControlPort, which has the rules for threads and errors.

#include "server/control/sliced.h"
#include "server/core/control_error.h"
#include "server/core/state_values.h"
#include "server/journal/text_pattern.h"
#include "storage/rows.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace device {

struct IdentityView {
    storage::IdentityRow row;  // row.key is a secret: only the `secret` call shows it
    std::string status;        // murano.md section 7, last line
    bool online = false;
    std::vector<StateEntry> state;
};

struct IdentityQuery {
    std::uint32_t limit = 50;
    std::optional<std::int64_t> before_us;        // last_seen_us must be lower
    std::string status;                           // empty: any; "devmode" is a filter too
    std::optional<journal::TextPattern> pattern;  // must match somewhere in the identity
    std::string tag_name, tag_value;
};
struct IdentitySelection {
    std::uint64_t found = 0;               // all matches, also beyond the limit
    std::vector<std::int64_t> device_ids;  // last seen first, then by name; at most the limit
    bool may_load_more() const { return found > device_ids.size(); }
};

// Absent members leave the value unchanged.
struct IdentityChange {
    std::optional<bool> locked;
    std::optional<std::string> auth_type;  // "token", "password", "certificate"; "cik" means token
    std::optional<std::string> auth_key;
    std::optional<std::int64_t> auth_expire_us;  // 0: revoke
    std::optional<std::string> tags_json;
};
struct NamedChange {
    std::string identity;
    IdentityChange change;
};
enum class Unknown : std::uint8_t { make, refuse };  // for an identity that does not exist

class IdentityPort {
  public:
    virtual ~IdentityPort() = default;

    // A list takes two steps, both in slices, because a connector may have a million identities.
    virtual SlicedWork<IdentitySelection> select_identities(std::string_view connector, const IdentityQuery& query) = 0;
    // Those that still exist, in the given order.
    virtual std::vector<IdentityView> identity_views(std::string_view connector,
                                                     std::span<const std::int64_t> device_ids) = 0;
    virtual std::optional<IdentityView> identity(std::string_view connector, std::string_view identity) = 0;
    virtual Failure put_identity(std::string_view connector, std::string_view identity,
                                 const IdentityChange& change) = 0;  // creates or changes
    virtual Failure patch_identity(std::string_view connector, std::string_view identity,
                                   const IdentityChange& change) = 0;  // not_found where unknown
    // All of them or none, when the work is done; the path of an error begins with "$[n]", n from 0.
    virtual SlicedWork<Failure> change_identities(std::string_view connector, std::vector<NamedChange>&& changes,
                                                  Unknown unknown) = 0;
    virtual SlicedWork<std::vector<std::string>> tag_names(
        std::string_view connector) = 0;  // of all identities, sorted
    virtual Failure delete_identity(std::string_view connector, std::string_view identity) = 0;
};

}  // namespace device
