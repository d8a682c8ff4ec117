#include "config/nearest.h"
#include "config/resource_json.h"
#include "server/simulator/profile.h"
#include "server/simulator/read_generator.h"

#include <algorithm>
#include <set>

namespace simulator {
namespace {

using config::JsonNode;
using config::ObjectReader;

constexpr std::size_t most_resources = 100;
constexpr Span least_content_interval = std::chrono::seconds(1);
constexpr std::size_t most_bytes = 4U * 1024 * 1024;

void read_span(ObjectReader& from, std::string_view key, Bounds bounds, Span& span) {
    double value = seconds_of(span);
    read_number(from, key, bounds, value);
    span = span_of(value);
}

Resource read_resource(ObjectReader from, const std::string& alias, std::size_t& slots) {
    Resource resource;
    resource.alias = alias;
    from.read("format", resource.format);
    const bool reports = from.node() != nullptr && from.node()->find("report") != nullptr;
    const bool is_setting = from.node() != nullptr && from.node()->find("setting") != nullptr;
    ObjectReader report = from.child("report");
    if (reports) resource.report = read_generator(report, slots);
    ObjectReader setting = from.child("setting");
    read_span(setting, "apply_after_s", {0, 3'600}, resource.apply_after);
    setting.finish();
    if (from.node() != nullptr && reports == is_setting)
        from.context().error(from.node()->offset, from.path(),
                             R"(a resource has either "report", a generator, or "setting", an object)");
    from.finish();
    return resource;
}

void read_resources(ObjectReader from, Profile& profile) {
    if (from.node() == nullptr) return;
    if (from.node()->members.size() > most_resources)
        return from.wrong(*from.node(), from.path(), "at most " + std::to_string(most_resources) + " resources");
    for (const auto& member : from.node()->members) {
        if (!config::is_alias(member.key))
            from.context().error(member.key_offset, from.path_of(member.key),
                                 "no resource can have that name: it is part of topics, and . $ / + # are not allowed");
        profile.resources.push_back(read_resource(from.child(member.key), member.key, profile.slots));
    }
}

// The settings that generators follow.
void followed(const Generator& generator, std::set<std::string>& names) {
    if (const auto* follow = std::get_if<Follow>(&generator.what)) names.insert(follow->setting);
    const auto* members = std::get_if<Members>(&generator.what);
    if (members == nullptr) return;
    for (const auto& [name, member] : members->members) followed(member, names);
}

void check_followed(const Profile& profile, const JsonNode& at, const ObjectReader& reader) {
    std::set<std::string> names;
    std::vector<std::string> settings;
    for (const auto& resource : profile.resources) {
        if (resource.is_setting()) settings.push_back(resource.alias);
        if (resource.report) followed(*resource.report, names);
    }
    for (const auto& name : names) {
        if (name.empty() || std::find(settings.begin(), settings.end(), name) != settings.end()) continue;
        std::string message = "a generator follows \"" + name + "\", which is not a setting of this profile";
        if (const auto meant = config::nearest(name, settings)) message += "; did you mean \"" + *meant + "\"?";
        reader.context().error(at.offset, reader.path_of("resources"), std::move(message));
    }
}

}  // namespace

const Resource* Profile::find(std::string_view alias) const {
    const auto found =
        std::find_if(resources.begin(), resources.end(), [&](const Resource& one) { return one.alias == alias; });
    return found == resources.end() ? nullptr : &*found;
}

Profile read_profile(const JsonNode& root, const std::string& path, const config::ReadContext& context) {
    Profile profile;
    ObjectReader reader(&root, path, context);
    reader.ignore("$schema");
    read_span(reader, "report_interval_s", {0.001, 1e6}, profile.report_interval);
    read_span(reader, "keep_alive_s", {1, 65'535}, profile.keep_alive);
    read_span(reader, "content_interval_s", {0, 1e6}, profile.content_interval);
    if (profile.content_interval > Span{0} && profile.content_interval < least_content_interval)
        reader.wrong(*root.find("content_interval_s"), reader.path_of("content_interval_s"),
                     "0, which is never, or 1 and more");
    read_span(reader, "first_pause_s", {0.01, 3'600}, profile.first_pause);
    read_span(reader, "max_pause_s", {seconds_of(profile.first_pause), 86'400}, profile.max_pause);
    profile.max_pause = std::max(profile.first_pause, profile.max_pause);
    read_span(reader, "patience_s", {0.1, 3'600}, profile.patience);
    read_resources(reader.child("resources"), profile);
    const bool reports = std::any_of(profile.resources.begin(), profile.resources.end(),
                                     [](const Resource& one) { return !one.is_setting(); });
    if (reader.node() != nullptr && !reports) {
        const JsonNode* resources = root.find("resources");
        context.error(resources == nullptr ? root.offset : resources->offset, config::child_path(path, "resources"),
                      R"(no resource is reported; expected one at least, such as "data_in": {"report": {"sine": {}}})");
    }
    check_followed(profile, root, reader);
    reader.finish();
    return profile;
}

ProfilePtr parse_profile(const std::string& text, const std::string& name, config::Problems& problems) {
    const config::ReadContext context{name, text, config::KeyMode::strict, problems};
    if (text.size() > most_bytes) {
        context.error(0, "", "is larger than 4 MiB, which no profile is");
        return nullptr;
    }
    const auto parsed = config::parse_json(text, config::JsonDialect::relaxed);
    for (const auto& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (!parsed.root) return nullptr;
    Profile profile = read_profile(*parsed.root, "", context);
    if (!problems.ok()) return nullptr;
    profile.name = name;
    return std::make_shared<const Profile>(std::move(profile));
}

ProfilePtr with_rate(const Profile& profile, double reports_per_s) {
    auto changed = std::make_shared<Profile>(profile);
    changed->report_interval = span_of(1 / reports_per_s);
    return changed;
}

}  // namespace simulator
