#include "server/simulator/report.h"

#include "config/json_tree.h"

#include <algorithm>

namespace simulator {
namespace {

using config::ResourceFormat;

constexpr std::chrono::seconds fresh{2};  // then the time of receipt is as good as the time of measuring

std::string object_text(const std::vector<Measured>& values) {
    std::string text = "{";
    for (const auto& measured : values) {
        if (text.size() > 1) text += ",";
        text += config::to_json_text(config::JsonNode::of(measured.alias)) + ":" + json_text(measured.value);
    }
    return text + "}";
}

std::string batch_text(const std::deque<Report>& reports, std::size_t count, Misbehaviour misbehaviour) {
    std::string text = "[";
    for (std::size_t at = 0; at < count; ++at) {
        if (at > 0) text += ",";
        text += "{\"timestamp\":" + std::to_string(spoiled_timestamp(misbehaviour, reports[at].at.wall_us)) +
                ",\"values\":" + object_text(reports[at].values) + "}";
    }
    return text + "]";
}

bool wants_number(Misbehaviour kind) {
    return kind == Misbehaviour::comma || kind == Misbehaviour::text_for_number;
}

// A value that is spoiled stands alone, so that only it is wrong.
const Measured* value_to_spoil(const Report& report, Misbehaviour misbehaviour) {
    if (!wants_number(misbehaviour)) return nullptr;
    const auto found = std::find_if(report.values.begin(), report.values.end(),
                                    [](const Measured& one) { return one.value.format == ResourceFormat::number; });
    return found == report.values.end() ? nullptr : &*found;
}

ReportText right_text(const std::deque<Report>& reports, std::size_t count, Now now, Misbehaviour misbehaviour) {
    const Report& oldest = reports.front();
    if (const auto* one = value_to_spoil(oldest, misbehaviour))
        return {"$resource/" + std::string(one->alias), one->value.text};
    const bool wants_timestamps = misbehaviour == Misbehaviour::seconds || misbehaviour == Misbehaviour::milliseconds;
    if (count > 1 || wants_timestamps || now.steady - oldest.at.steady > fresh)
        return {"$resource.batch", batch_text(reports, count, misbehaviour)};
    if (oldest.values.size() > 1) return {"$resource/", object_text(oldest.values)};
    const auto& only = oldest.values.front();
    return {"$resource/" + std::string(only.alias), only.value.text};
}

}  // namespace

ReportText report_text(const std::deque<Report>& reports, std::size_t count, Now now, Misbehaviour misbehaviour) {
    auto text = right_text(reports, count, now, misbehaviour);
    spoil(misbehaviour, text);
    return text;
}

std::string_view usual_profile(std::span<const Misbehaviour> misbehaviours) {
    return std::any_of(misbehaviours.begin(), misbehaviours.end(), wants_number) ? "thermostat" : "tutorial";
}

std::string misfit(const Profile& profile, std::span<const Misbehaviour> misbehaviours) {
    const auto kind = std::find_if(misbehaviours.begin(), misbehaviours.end(), wants_number);
    const bool has_number = std::any_of(profile.resources.begin(), profile.resources.end(), [](const Resource& one) {
        return !one.is_setting() && one.format == ResourceFormat::number;
    });
    if (kind == misbehaviours.end() || has_number) return {};
    return std::string(to_string(*kind)) + " needs a resource of format number, which profile " + profile.name +
           " does not report; thermostat does";
}

}  // namespace simulator
