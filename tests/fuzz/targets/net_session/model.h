#pragma once
// The expected state of the devices, computed a second time as simply as possible. Plain values: a crash or a failed
// commit restores a copy.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz::session {

// The resources of every connector: which values they accept, and what happens to them.
struct Resource {
    std::string_view alias;
    enum class Kind : std::uint8_t { text, number, boolean } kind;
    bool settable, sync;
    std::string_view initial;  // empty: none
};
inline constexpr Resource resources[] = {{"data_in", Resource::Kind::text, false, true, ""},
                                         {"text", Resource::Kind::text, true, true, ""},
                                         {"num", Resource::Kind::number, true, true, "7"},
                                         {"flag", Resource::Kind::boolean, true, false, ""}};
const Resource* find_resource(std::string_view alias);

struct Value {
    std::optional<std::string> reported, set;
    bool unacknowledged = false;
    bool operator==(const Value&) const = default;
};

struct Session {
    std::string client_id;
    std::vector<std::string> filters;
    bool connected = false;
    std::int64_t left_us = 0;
    bool operator==(const Session&) const = default;
};

struct Device {
    std::string key;  // empty: no credential
    bool token = false;
    bool locked = false;
    std::map<std::string, Value> values;
    std::vector<Session> sessions;

    bool operator==(const Device&) const = default;
    Session* session(std::string_view client_id);
    void report(const Resource& resource, std::string_view text);
    void set(const Resource& resource, std::string_view text);
    // A connection begins; true: it resumes a session. [R17-R20]
    bool begin(const std::string& client_id, bool clean, std::int64_t now_us);
};

using Owner = std::pair<std::string, std::string>;  // connector, identity

struct Model {
    std::map<Owner, Device> devices;

    Device* find(const Owner& owner);
    Device& make(const Owner& owner);  // with its initial values
    std::size_t count(const std::string& connector) const;
    void erase_connector(const std::string& connector);
};

// Whether a raw payload is of the resource's kind; nullopt: the model does not know this text.
std::optional<bool> fits(const Resource& resource, std::string_view text);

}  // namespace fuzz::session
