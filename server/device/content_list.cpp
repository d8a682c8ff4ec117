#include "server/device/content_list.h"

#include "server/device/connector.h"
#include "server/murano/topic_commands.h"

#include <algorithm>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace device {
namespace {

// A device's upload is stored as device2/<identity>/<name> and listed to it by its plain name. [R62, R65]
std::string plain_name(const storage::ContentRow& row) {
    const auto prefix = "device2/" + row.owner + "/";
    return row.owner.empty() || !row.id.starts_with(prefix) ? row.id : row.id.substr(prefix.size());
}

murano::Finding will_asks_in_vain() {
    return {"R60", journal::Severity::warning, "A Will to $content has no effect: nobody is there to get the list.",
            "Publish to $content while connected."};
}

}  // namespace

void ContentList::reply(Link& link, std::string_view request_payload, const About& about, const runtime::Now& now) {
    if (link.state != Link::State::connected) {
        recorder_.finding(link, will_asks_in_vain(), now, about);
        return;
    }
    if (const auto note = murano::content_request_note(request_payload)) recorder_.finding(link, *note, now, about);
    delivery_.to_link(link, murano::kContentTopic, json_for(link, now), now);
}

std::string ContentList::json_for(const Link& link, const runtime::Now& now) {
    struct Item {
        std::string name;
        storage::ContentRow row;
    };
    std::vector<Item> items;
    for (auto& row : context_.reader.content(link.connector->id)) {
        if (!row.owner.empty() && row.owner != link.device->row.identity) continue;  // [R62]
        auto name = plain_name(row);
        items.push_back({std::move(name), std::move(row)});
    }
    std::sort(items.begin(), items.end(), [](const Item& left, const Item& right) { return left.name < right.name; });
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> json(text);
    json.StartArray();
    for (const auto& [name, row] : items) {
        json.StartObject();
        json.Key("name");
        json.String(name);
        json.Key("length");
        json.Uint64(row.length);
        json.Key("mime");
        json.String(row.mime);
        json.Key("url");
        json.String(context_.content_url({link.facts.authority, link.connector->id, row.id, now.wall_us}));
        json.EndObject();
    }
    json.EndArray();
    return {text.GetString(), text.GetSize()};
}

}  // namespace device
