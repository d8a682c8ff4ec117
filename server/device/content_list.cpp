#include "server/device/content_list.h"

#include "server/core/connector.h"
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

constexpr std::int64_t day_us = 86'400'000'000;

murano::Finding will_asks_in_vain() {
    return {"R60.will_to_content", journal::Severity::warning,
            "A Will to $content has no effect: no connection is left to receive the list.",
            "Publish to $content while connected."};
}

}  // namespace

void ContentList::reply(Link& link, std::string_view request_payload, const About& about, const runtime::Now& now) {
    if (link.state != Link::State::connected) {
        recorder_.finding(link.client, will_asks_in_vain(), now, about);
        return;
    }
    if (const auto note = murano::content_request_note(request_payload))
        recorder_.finding(link.client, *note, now, about);
    const auto fault = context_.content_list_fault ? context_.content_list_fault(link) : ContentListFault{};
    delivery_.to_link(link, murano::kContentTopic, json_for(link, now, fault), now);
}

std::string ContentList::json_for(const Link& link, const runtime::Now& now, const ContentListFault& fault) {
    using enum ContentListChange;
    if (fault.change == empty) return "[]";
    struct Item {
        std::string name;
        storage::ContentRow row;
    };
    std::vector<Item> items;
    for (auto& row : context_.reader.content(link.client.connector->id)) {
        if (!row.owner.empty() && row.owner != link.client.device->row.identity) continue;  // [R62]
        auto name = plain_name(row);
        items.push_back({std::move(name), std::move(row)});
    }
    for (std::uint64_t i = 1; fault.change == extra && i <= fault.count; ++i) {
        const auto made_up = "made-up-" + std::to_string(i);
        auto& item = items.emplace_back();
        item.name = item.row.id = made_up;
        item.row.mime = "application/octet-stream";
        item.row.length = 1'024;
    }
    // Long before any time that a link may hold.
    const auto& host = link.client.device->http_host.empty() ? link.facts.authority : link.client.device->http_host;
    const auto link_us = fault.change == expired_urls ? now.wall_us - 3'650 * day_us : now.wall_us;
    std::sort(items.begin(), items.end(), [](const Item& left, const Item& right) { return left.name < right.name; });
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> json(text);
    json.StartArray();
    for (const auto& [name, row] : items) {
        json.StartObject();
        json.Key("name");
        json.String(name);
        json.Key("length");
        json.Uint64(fault.change == wrong_length ? row.length + 1 : row.length);
        json.Key("mime");
        json.String(fault.change == wrong_mime ? "application/x-wrong" : row.mime);
        json.Key("url");
        json.String(
            context_.content_url({host, link.client.connector->id, row.id, link_us,
                                  link.client.connector->settings.content_base_url, link.client.device->row.identity}));
        json.EndObject();
    }
    json.EndArray();
    std::string whole(text.GetString(), text.GetSize());
    if (fault.change == malformed) whole.pop_back();  // the bracket that ends it
    return whole;
}

}  // namespace device
