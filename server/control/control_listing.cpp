// The pages of a connector's identities: chosen by a glance at all of them, in slices, and only those of the page are
// read whole.

#include "server/control/control_service.h"
#include "server/core/connector.h"
#include "server/murano/status.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

#include <rapidjson/document.h>

namespace device {
namespace {

constexpr std::chrono::milliseconds slice_time{1};

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
    explicit Selection(const IdentityQuery& query) : query_(query) {}

    bool by_time_only() const { return query_.status.empty() && query_.tag_name.empty() && !query_.pattern; }
    bool holds(const storage::IdentityGlance& glance) const {
        if (query_.before_us && glance.last_seen_us >= *query_.before_us) return false;
        if (by_time_only()) return true;
        if (!status_fits(glance) || !has_tag(glance.tags_json, query_)) return false;
        return !query_.pattern || query_.pattern->found_in(glance.identity);
    }

  private:
    bool status_fits(const storage::IdentityGlance& glance) const {
        if (query_.status.empty()) return true;
        if (query_.status == "devmode") return glance.devmode;
        return query_.status ==
               murano::identity_status({glance.locked, glance.expired, glance.reprovision, glance.has_credential});
    }

    const IdentityQuery& query_;
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

// The first of a page, while all are offered one after the other.
class Page {
  public:
    explicit Page(std::size_t limit) : limit_(limit) {}

    void offer(std::int64_t device_id, std::int64_t last_seen_us) {
        const Chosen one{last_seen_us, offered_++, device_id};
        if (first_.size() == limit_) {
            if (!(one < first_.front())) return;
            std::pop_heap(first_.begin(), first_.end());
            first_.pop_back();
        }
        first_.push_back(one);
        std::push_heap(first_.begin(), first_.end());
    }

    IdentitySelection take() {
        std::sort_heap(first_.begin(), first_.end());
        IdentitySelection selection{offered_, {}};
        for (const auto& one : first_) selection.device_ids.push_back(one.device_id);
        return selection;
    }

  private:
    std::size_t limit_;
    std::size_t offered_ = 0;
    std::vector<Chosen> first_;  // a heap: its last on top
};

// Shows the identities of a connector by name, about a millisecond of them at a time.
class Walk {
  public:
    enum class Glance : std::uint8_t { whole, last_seen };

    Walk(Context& context, std::string_view connector, Glance glance)
        : context_(context), connector_(connector), glance_(glance) {}

    // True: there may be more.
    template <typename Visit>
    bool go_on(const Visit& visit) {
        const auto end = context_.clock.steady_now() + slice_time;
        bool more = false;
        const auto look = [&](const storage::IdentityGlance& glance) {
            visit(glance);
            more = context_.clock.steady_now() >= end;
            if (more) after_ = glance.identity;
            return !more;
        };
        glance_ == Glance::whole ? context_.reader.each_identity(connector_, after_, look)
                                 : context_.reader.each_last_seen(connector_, after_, look);
        return more;
    }

  private:
    Context& context_;
    std::string connector_;
    Glance glance_;
    std::string after_;
};

class IdentitySearch final : public Sliced<IdentitySelection> {
  public:
    IdentitySearch(Context& context, std::string_view connector, const IdentityQuery& query)
        : query_(query),
          selection_(query_),
          page_(query_.limit),
          walk_(context, connector, selection_.by_time_only() ? Walk::Glance::last_seen : Walk::Glance::whole) {}

    std::optional<IdentitySelection> go_on() override {
        const bool more = walk_.go_on([this](const storage::IdentityGlance& glance) {
            if (selection_.holds(glance)) page_.offer(glance.device_id, glance.last_seen_us);
        });
        return more ? std::nullopt : std::optional(page_.take());
    }

  private:
    IdentityQuery query_;
    Selection selection_;  // by query_
    Page page_;
    Walk walk_;
};

class TagSearch final : public Sliced<std::vector<std::string>> {
  public:
    TagSearch(Context& context, std::string_view connector) : walk_(context, connector, Walk::Glance::whole) {}

    std::optional<std::vector<std::string>> go_on() override {
        const bool more =
            walk_.go_on([this](const storage::IdentityGlance& glance) { collect_names(glance.tags_json, names_); });
        return more ? std::nullopt : std::optional(std::vector<std::string>(names_.begin(), names_.end()));
    }

  private:
    std::set<std::string> names_;
    Walk walk_;
};

}  // namespace

SlicedWork<IdentitySelection> ControlService::select_identities(std::string_view connector,
                                                                const IdentityQuery& query) {
    return std::make_unique<IdentitySearch>(parts_.context, connector, query);
}

SlicedWork<std::vector<std::string>> ControlService::tag_names(std::string_view connector) {
    return std::make_unique<TagSearch>(parts_.context, connector);
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

}  // namespace device
