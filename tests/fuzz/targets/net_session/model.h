#pragma once
// What the devices must be, worked out a second time and as simply as can be. Plain values: copies of it are what a
// crash or a failed commit goes back to.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz::session {

// The resources of every connector: what may be reported, and what happens to it.
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

// Whether a raw payload is one of the resource's kind; nullopt: the model does not know this text.
std::optional<bool> fits(const Resource& resource, std::string_view text);

}  // namespace fuzz::session
