#pragma once
// Describes a simulated device: what it reports and how often, which settings it takes, how patient it is. Plain
// values, shared by all devices of a kind.

#include "config/connector_settings.h"
#include "config/json_tree.h"
#include "config/object_reader.h"
#include "server/simulator/generator.h"
#include "server/simulator/moment.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

struct Resource {
    std::string alias;
    config::ResourceFormat format = config::ResourceFormat::string;
    std::optional<Generator> report;  // of a reported resource
    Span apply_after{0};              // of a setting: time until it is in force and reported back
    bool is_setting() const { return !report; }
};

struct Profile {
    std::string name;  // "tutorial", a file's name
    Span report_interval = std::chrono::seconds(5);
    Span keep_alive = std::chrono::seconds(60);
    Span content_interval = std::chrono::hours(1);  // between two requests for the content list; 0: none
    Span first_pause = std::chrono::seconds(1);     // before the second attempt
    Span max_pause = std::chrono::seconds(60);
    Span patience = std::chrono::seconds(10);  // for TCP and TLS, CONNACK, the token, PUBACK, PINGRESP
    std::vector<Resource> resources;           // at least one is reported
    std::size_t slots = 0;                     // of Memory

    const Resource* find(std::string_view alias) const;  // nullptr: no such resource
};

using ProfilePtr = std::shared_ptr<const Profile>;

// Reads a profile from a file or a call. Mistakes go to the context's problems; the result is valid only if there are
// none.
Profile read_profile(const config::JsonNode& root, const std::string& path, const config::ReadContext& context);

// From text in the dialect of the settings file (comments, trailing commas). nullptr: `problems` says what is wrong,
// where, and what is allowed. `name`: the file's name, for messages.
ProfilePtr parse_profile(const std::string& text, const std::string& name, config::Problems& problems);

// "tutorial", "thermostat".
std::vector<std::string_view> built_in_profiles();
// The text of a built-in profile, to copy and change. Empty: unknown name.
std::string_view built_in_profile_text(std::string_view name);
// nullptr: unknown name.
ProfilePtr built_in_profile(std::string_view name);

// A copy of `profile` with that many reports a second.
ProfilePtr with_rate(const Profile& profile, double reports_per_s);

}  // namespace simulator
