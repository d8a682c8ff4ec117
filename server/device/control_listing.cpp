// The pages of a connector's identities: chosen by a glance at all of them, and only those of the page are read whole.

#include "server/device/connector.h"
#include "server/device/control_service.h"
#include "server/murano/status.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <boost/regex.hpp>
#include <rapidjson/document.h>

namespace device {
namespace {

// tags_json: an array of {name, value}; several values per name.
bool has_tag(std::string_view tags_json, const IdentityQuery& query) {
    if (query.tag_name.empty()) return true;
    rapidjson::Document tags;
    tags.Parse(tags_json.data(), tags_json.size());
    if (!tags.IsArray()) return false;
    return std::any_of(tags.Begin(), tags.End(), [&](const auto& tag) {
        return tag.IsObject() && tag.HasMember("name") && tag.HasMember("value") && tag["name"] == query.tag_name &&
               (query.tag_value.empty() || tag["value"] == query.tag_value);
    });
}

void collect_names(std::string_view tags_json, std::set<std::string>& names) {
    if (tags_json.empty()) return;
    rapidjson::Document tags;
    tags.Parse(tags_json.data(), tags_json.size());
    if (!tags.IsArray()) return;
    for (const auto& tag : tags.GetArray()) {
        if (tag.IsObject() && tag.HasMember("name") && tag["name"].IsString()) names.insert(tag["name"].GetString());
    }
}

class Selection {
  public:
    explicit Selection(const IdentityQuery& query) : query_(query) {
        if (!query.pattern.empty()) pattern_ = boost::regex(query.pattern);
    }

    bool by_time_only() const { return query_.status.empty() && query_.tag_name.empty() && query_.pattern.empty(); }
    bool holds(std::int64_t last_seen_us) const { return !query_.before_us || last_seen_us < *query_.before_us; }
    bool holds(const storage::IdentityGlance& glance) const {
        if (!holds(glance.last_seen_us)) return false;
        if (!status_fits(glance) || !has_tag(glance.tags_json, query_)) return false;
        return query_.pattern.empty() ||
               boost::regex_search(glance.identity.data(), glance.identity.data() + glance.identity.size(), pattern_);
    }

  private:
    bool status_fits(const storage::IdentityGlance& glance) const {
        if (query_.status.empty()) return true;
        if (query_.status == "devmode") return glance.devmode;
        return query_.status ==
               murano::identity_status({glance.locked, glance.expired, glance.reprovision, glance.has_credential});
    }

    const IdentityQuery& query_;
    boost::regex pattern_;
};

// Of an identity that the query asks for.
struct Chosen {
    std::int64_t last_seen_us = 0;
    std::size_t nth = 0;  // by name
    std::int64_t device_id = 0;

    // The last seen first, then by name.
    bool operator<(const Chosen& other) const {
        return std::tie(other.last_seen_us, nth) < std::tie(last_seen_us, other.nth);
    }
};

std::vector<Chosen> chosen_by_name(storage::Reader& reader, std::string_view connector, const Selection& selection) {
    std::vector<Chosen> chosen;
    const auto choose = [&chosen](std::int64_t device_id, std::int64_t last_seen_us) {
        chosen.push_back({last_seen_us, chosen.size(), device_id});
    };
    if (selection.by_time_only()) {
        reader.each_last_seen(connector, [&](std::int64_t device_id, std::int64_t last_seen_us) {
            if (selection.holds(last_seen_us)) choose(device_id, last_seen_us);
        });
        return chosen;
    }
    reader.each_identity(connector, [&](const storage::IdentityGlance& glance) {
        if (selection.holds(glance)) choose(glance.device_id, glance.last_seen_us);
    });
    return chosen;
}

}  // namespace

IdentitySelection ControlService::select_identities(std::string_view connector, const IdentityQuery& query) {
    auto chosen = chosen_by_name(parts_.context.reader, connector, Selection(query));
    const auto size = std::min<std::size_t>(chosen.size(), query.limit);
    std::partial_sort(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(size), chosen.end());
    IdentitySelection result{chosen.size() > size, {}};
    chosen.resize(size);
    for (const auto& one : chosen) result.device_ids.push_back(one.device_id);
    return result;
}

std::vector<IdentityView> ControlService::identity_views(std::string_view connector,
                                                         std::span<const std::int64_t> device_ids) {
    std::vector<IdentityView> views;
    auto* known = parts_.table.find_connector(connector);
    if (known == nullptr) return views;
    const storage::Reader::View view(parts_.context.reader);
    for (const auto device_id : device_ids) {
        const auto row = parts_.context.reader.identity_of_device(device_id);
        if (!row) continue;
        const auto in_memory = known->devices.find(row->identity);
        auto shown = view_of(*row, in_memory == known->devices.end() ? nullptr : in_memory->second.get());
        // From the store: to load each device would cost its sessions too, and keep all of them in memory.
        shown.state = parts_.state.entries(*known, parts_.context.reader.values(device_id));
        views.push_back(std::move(shown));
    }
    return views;
}

std::uint64_t ControlService::count_identities(std::string_view connector, const IdentityQuery& query) {
    return chosen_by_name(parts_.context.reader, connector, Selection(query)).size();
}

std::vector<std::string> ControlService::tag_names(std::string_view connector) {
    std::set<std::string> names;
    parts_.context.reader.each_identity(
        connector, [&names](const storage::IdentityGlance& glance) { collect_names(glance.tags_json, names); });
    return {names.begin(), names.end()};
}

}  // namespace device
