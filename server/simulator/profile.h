#pragma once
// What a simulated device is: what it reports and how often, which settings it takes, how patient it is. Plain values,
// shared by all devices that are alike.

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
    std::optional<Generator> report;  // of one that the device reports
    Span apply_after{0};              // of a setting: then it is in force, and is reported back
    bool is_setting() const { return !report; }
};

struct Profile {
    std::string name;  // "tutorial", a file's name
    Span report_interval = std::chrono::seconds(5);
    Span keep_alive = std::chrono::seconds(60);
    Span content_interval = std::chrono::hours(1);  // between two questions for the list of content; 0: none
    Span first_pause = std::chrono::seconds(1);     // before the second attempt
    Span max_pause = std::chrono::seconds(60);
    Span patience = std::chrono::seconds(10);  // for TCP and TLS, CONNACK, the token, PUBACK, PINGRESP
    std::vector<Resource> resources;           // one of them is reported at least
    std::size_t slots = 0;                     // of Memory

    const Resource* find(std::string_view alias) const;  // nullptr: no such resource
};

using ProfilePtr = std::shared_ptr<const Profile>;

// Reads what a file or a call describes. Mistakes go to the context's problems; the result is of use only when there
// were none.
Profile read_profile(const config::JsonNode& root, const std::string& path, const config::ReadContext& context);

// From a text in the dialect of the settings file (comments, trailing commas). nullptr: the problems say what is
// wrong, where, what stands there and what may. `name` is the file's, for messages.
ProfilePtr parse_profile(const std::string& text, const std::string& name, config::Problems& problems);

// "tutorial", "thermostat".
std::vector<std::string_view> built_in_profiles();
// The text of a built-in profile, to copy and change. Empty: no such name.
std::string_view built_in_profile_text(std::string_view name);
// nullptr: no such name.
ProfilePtr built_in_profile(std::string_view name);

// As `profile`, with so many reports a second.
ProfilePtr with_rate(const Profile& profile, double reports_per_s);

}  // namespace simulator
