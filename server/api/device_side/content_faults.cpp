#include "server/api/device_side/content_faults.h"

#include "server/control/fault_calls.h"
#include "server/faults/registry.h"

#include <algorithm>
#include <set>

namespace api {

using faults::Key;
using faults::Kind;

namespace {

constexpr std::string_view changed_mark = "\"changed-";

// What a request is to a fault.
struct Wish {
    std::string_view what;  // "content", "activate", "upload"
    std::string item;       // of content
    std::string identity;   // of the device whose link it is; empty: not known
};

// The items of `content_changed` that were asked for once: fault, identity, item. So many are remembered.
constexpr std::size_t most_asked = 100'000;
using Asked = std::set<std::tuple<std::uint32_t, std::string, std::string>>;

bool names(std::string_view pattern, std::string_view item) {
    if (pattern.empty()) return true;
    if (pattern.ends_with('*')) return item.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == item;
}

bool concerns(const faults::Fault& fault, const Wish& wish) {
    if (fault.rule().layer != faults::Layer::content || fault.kind == Kind::content_list) return false;
    const auto request = fault.kind == Kind::http_status ? fault.values.text(Key::request) : "content";
    return request == wish.what && (wish.what != "content" || names(fault.values.text(Key::item), wish.item));
}

net::HttpResponse status_response(const faults::Values& values) {
    const auto body = values.text(Key::body);
    const auto status = static_cast<unsigned>(values.number(Key::status));
    auto response = text_response(body == "empty"     ? std::string()
                                  : body == "garbage" ? std::string("\x00\xFF<garbage>\x80", 12)
                                                      : "a fault answers so\n",
                                  status);
    if (values.has(Key::retry_after_s)) response.set("Retry-After", std::to_string(values.number(Key::retry_after_s)));
    if (values.has(Key::location)) response.set("Location", values.text(Key::location));
    return response;
}

// Conditions on the changed item's tag are those on the real one's, and the other way round.
std::string other_tag(const std::string& value) {
    if (value.starts_with(changed_mark)) return '"' + value.substr(changed_mark.size());
    return value.starts_with('"') ? std::string(changed_mark) + value.substr(1) : value;
}

Request without_range(const Request& request) {
    auto head = std::make_shared<net::HttpHead>(*request.head);
    std::erase_if(head->fields, [](const net::HttpField& field) {
        return net::equals_ignoring_case(field.name, "Range") || net::equals_ignoring_case(field.name, "If-Range");
    });
    auto changed = request;
    changed.head = std::move(head);
    return changed;
}

Request with_other_tags(const Request& request) {
    auto head = std::make_shared<net::HttpHead>(*request.head);
    for (auto& field : head->fields) {
        for (const auto* name : {"If-Range", "If-None-Match", "If-Match"}) {
            if (net::equals_ignoring_case(field.name, name)) field.value = other_tag(field.value);
        }
    }
    auto changed = request;
    changed.head = std::move(head);
    return changed;
}

// What all that strike one request want of it.
struct Verdict {
    std::optional<net::HttpResponse> instead;
    net::BodyFault body;
    bool flips_middle = false;
    bool no_range = false;
};

std::string sentence(const faults::Fault& fault, const Wish& wish) {
    const auto of_item = wish.what == "content" ? " of " + wish.item : std::string();
    const auto number = [&](Key key) { return std::to_string(fault.values.number(key)); };
    switch (fault.kind) {
        case Kind::http_status:
            return "The request" + of_item + " was answered " + number(Key::status);
        case Kind::body_cut:
            return "The body" + of_item + " ended after " + number(Key::after_bytes) + " bytes";
        case Kind::body_flip:
            return "One byte" + of_item + " was wrong";
        case Kind::body_slow:
            return "The body" + of_item + " comes at " + number(Key::bytes_per_s) + " bytes a second";
        case Kind::no_range:
            return "The range" + of_item + " was ignored";
        default:
            return "The body" + of_item + " was another";
    }
}

void want(const faults::Fault& fault, Verdict& verdict) {
    const auto bytes = [&](Key key) { return static_cast<std::uint64_t>(fault.values.number(key)); };
    switch (fault.kind) {
        case Kind::http_status:
            verdict.instead = status_response(fault.values);
            return;
        case Kind::body_cut:
            verdict.body.cut_after = bytes(Key::after_bytes);
            verdict.body.reset = fault.values.text(Key::how) == "reset";
            return;
        case Kind::body_flip:
            if (fault.values.has(Key::at)) verdict.body.flip_at = bytes(Key::at);
            verdict.flips_middle = !fault.values.has(Key::at);
            return;
        case Kind::body_slow:
            verdict.body.bytes_per_s = bytes(Key::bytes_per_s);
            return;
        case Kind::no_range:
            verdict.no_range = true;
            return;
        default:
            verdict.body.changed = true;
            return;
    }
}

// The faults that strike this request, in order; the first that answers in its place ends the list.
Verdict strike(Services& services, Asked& asked, const Request& request, const Wish& wish) {
    auto& registry = services.faults->registry();
    const faults::Client client{.connector = request.peer.connector,
                                .identity = wish.identity,
                                .ip = request.peer.ip,
                                .connection = request.peer.connection_id};
    Verdict verdict;
    if (asked.size() >= most_asked) asked.clear();
    const auto& all = registry.all();
    for (const auto& armed : all) {
        const auto& fault = armed->fault;
        if (!armed->active() || !concerns(fault, wish) || !fault.scope.strikes(client)) continue;
        // The first request has no chance: what it gets is what changes.
        if (fault.kind == Kind::content_changed && asked.emplace(armed->number, wish.identity, wish.item).second)
            continue;
        const auto hit = registry.strike(armed, client, services.faults->now());
        if (!hit) continue;
        want(fault, verdict);
        registry.report(*armed, *hit, client, sentence(fault, wish));
        if (verdict.instead) break;
    }
    return verdict;
}

using Handler = std::function<Outcome(const Request&)>;

Outcome struck(const Verdict& verdict, const Request& request, const Handler& handler) {
    if (verdict.instead) return *verdict.instead;
    auto asked = verdict.no_range ? without_range(request) : request;
    if (verdict.body.changed) asked = with_other_tags(asked);
    auto outcome = handler(asked);
    auto* response = std::get_if<net::HttpResponse>(&outcome);
    if (response == nullptr || !response->file) return outcome;
    auto body = verdict.body;
    if (verdict.flips_middle) body.flip_at = response->file->length / 2;
    if (body.changed) response->set("ETag", other_tag(std::string(response->field("ETag"))));
    if (!body.empty()) response->body_fault = body;
    return outcome;
}

Wish wish_of(Services& services, const Request& request) {
    if (request.head->segments.front() == "content") {
        const auto& connector = request.param("connector");
        const auto& id = request.param("id");
        return {"content", id, services.urls.device_of(connector, id, request.head->query)};
    }
    return {request.head->segments.back() == "activate" ? "activate" : "upload", {}, {}};
}

// Takes the body of an upload that a fault answers.
class Discard : public BodySink {
  public:
    explicit Discard(net::HttpResponse answer) : answer_(std::move(answer)) {}
    std::optional<Error> write(std::string_view) override { return std::nullopt; }
    Outcome finish() override { return answer_; }

  private:
    net::HttpResponse answer_;
};

bool quiet(const Services& services) {
    return services.faults == nullptr || services.faults->registry().empty();
}

}  // namespace

void strike_device_routes(Routes& routes, Services& services) {
    const auto asked = std::make_shared<Asked>();
    for (auto& route : routes) {
        if (route.handler) {
            route.handler = [&services, asked, inner = std::move(route.handler)](const Request& request) -> Outcome {
                if (quiet(services)) {
                    asked->clear();
                    return inner(request);
                }
                return struck(strike(services, *asked, request, wish_of(services, request)), request, inner);
            };
        }
        if (route.sink) {
            route.sink = [&services, asked, inner = std::move(route.sink)](const Request& request) -> SinkOutcome {
                if (quiet(services)) return inner(request);
                auto verdict = strike(services, *asked, request, wish_of(services, request));
                if (!verdict.instead) return inner(request);
                return std::make_unique<Discard>(std::move(*verdict.instead));
            };
        }
    }
}

}  // namespace api
