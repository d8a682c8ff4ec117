#include "server/control/fault_calls.h"

#include "server/faults/fault_json.h"

#include <algorithm>
#include <set>
#include <utility>

namespace device {
namespace {

constexpr std::string_view meta_key = "faults";

ControlError to_error(const faults::Refused& refused) {
    using Why = faults::Refused::Why;
    if (refused.why == Why::unknown_predecessor) return {ErrorKind::bad_request, refused.message, "$.after"};
    if (refused.why == Why::taken) return {ErrorKind::exists, refused.message, "$.name"};
    return {ErrorKind::limit, refused.message, {}};
}

bool same(const faults::Fault& left, const faults::Fault& right) {
    return config::to_json_text(faults::to_json(left)) == config::to_json_text(faults::to_json(right));
}

bool names(const faults::Scope& scope, std::string_view connector, std::string_view identity) {
    return (connector.empty() || scope.connector == connector) && (identity.empty() || scope.identity == identity);
}

}  // namespace

FaultCalls::FaultCalls(Parts parts) : parts_(std::move(parts)), recorder_(parts_.context) {
    parts_.registry.on_hit([this](const faults::Report& report) { hit(report); });
}

namespace {

// A whole list stands for itself: each name once, and a predecessor before who waits for it.
std::optional<ControlError> refusal_of_list(const std::vector<faults::Fault>& described) {
    std::set<std::string_view> before;
    for (std::size_t i = 0; i < described.size(); ++i) {
        const auto& fault = described[i];
        const auto path = config::item_path("$.faults", i);
        if (!fault.after_fault.empty() && !before.contains(fault.after_fault)) {
            return ControlError{ErrorKind::bad_request,
                                "no fault before this one is called \"" + fault.after_fault + '"', path + ".after"};
        }
        if (!fault.name.empty() && !before.insert(fault.name).second) {
            return ControlError{ErrorKind::exists, "another fault of the list is called \"" + fault.name + '"',
                                path + ".name"};
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<ControlError> FaultCalls::refusal(const std::vector<faults::Fault>& described, How how) const {
    for (const auto& fault : described) {
        if (const auto why = parts_.judge(fault); !why.empty())
            return ControlError{ErrorKind::bad_request, why, "$.kind"};
        if (how == How::add && !fault.name.empty() && parts_.registry.find(fault.name)) {
            return to_error(
                {faults::Refused::Why::taken, "there is a fault \"" + fault.name + "\" already: PUT replaces it"});
        }
    }
    return how == How::replace_all ? refusal_of_list(described) : std::nullopt;
}

FaultCalls::Task FaultCalls::put(std::vector<faults::Fault> described, How how) {
    auto task = std::make_shared<Put>();
    if (auto refused = refusal(described, how)) {
        task->failure = std::move(refused);
        task->done = true;
        return task;
    }
    auto prepared = std::make_shared<Prepared>();
    prepared->described = std::move(described);
    const bool needs_work = std::any_of(prepared->described.begin(), prepared->described.end(),
                                        [](const auto& fault) { return fault.kind == faults::Kind::tls_certificate; });
    if (!needs_work) {
        prepared->made.resize(prepared->described.size());
        put_in_force(*task, std::move(*prepared), how);
        return task;
    }
    const auto make_all = [this, prepared] {
        try {
            for (const auto& fault : prepared->described) prepared->made.push_back(parts_.make(fault));
        } catch (const std::exception& error) {
            prepared->failure = error.what();
        }
    };
    parts_.context.background(make_all, [this, prepared, task, how] {
        put_in_force(*task, std::move(*prepared), how);
        parts_.wake();
    });
    return task;
}

void FaultCalls::put_in_force(Put& task, Prepared&& prepared, How how) {
    task.done = true;
    if (!prepared.failure.empty()) {
        task.failure = ControlError{ErrorKind::bad_request, prepared.failure, "$.as"};
        return;
    }
    if (how == How::replace_all) return put_list_in_force(task, std::move(prepared));
    auto& registry = parts_.registry;
    for (std::size_t i = 0; i < prepared.described.size(); ++i) {
        auto& fault = prepared.described[i];
        auto added = how == How::put
                         ? registry.put(std::move(fault), now(), task.replaced, faults::Origin::call, prepared.made[i])
                         : registry.add(std::move(fault), now(), faults::Origin::call, prepared.made[i]);
        if (const auto* refused = std::get_if<faults::Refused>(&added)) {
            task.failure = to_error(*refused);
            return;
        }
        task.made.push_back(std::get<faults::ArmedPtr>(added));
    }
}

void FaultCalls::put_list_in_force(Put& task, Prepared&& prepared) {
    std::vector<faults::Registry::Ready> list;
    for (std::size_t i = 0; i < prepared.described.size(); ++i)
        list.push_back({std::move(prepared.described[i]), std::move(prepared.made[i])});
    auto replaced = parts_.registry.replace_all(std::move(list), now());
    if (const auto* refused = std::get_if<faults::Refused>(&replaced)) {
        task.failure = to_error(*refused);
    } else {
        task.made = std::get<std::vector<faults::ArmedPtr>>(std::move(replaced));
    }
}

// --- the settings file, reset, snapshots ---

void FaultCalls::use_file(std::vector<faults::Fault> described) {
    auto& registry = parts_.registry;
    for (const auto& old : file_) {
        const auto kept = std::any_of(described.begin(), described.end(),
                                      [&](const faults::Fault& one) { return one.name == old.name && same(one, old); });
        if (!kept) registry.remove(old.name);
    }
    for (const auto& fault : described) {
        const auto known =
            std::any_of(file_.begin(), file_.end(), [&](const faults::Fault& one) { return same(one, fault); });
        if (known && registry.find(fault.name)) continue;
        bool replaced = false;
        const auto made = fault.kind == faults::Kind::tls_certificate ? parts_.make(fault) : nullptr;
        const auto added = registry.put(fault, now(), replaced, faults::Origin::file, made);
        if (const auto* refused = std::get_if<faults::Refused>(&added)) {
            parts_.context.log.error("a fault of the settings file is not in force",
                                     {{"fault", fault.name}, {"error", refused->message}});
        }
    }
    file_ = std::move(described);
}

void FaultCalls::reset(std::string_view connector, std::string_view identity) {
    parts_.registry.clear(connector, identity);
    for (const auto& fault : file_) {
        if (!names(fault.scope, connector, identity)) continue;
        bool replaced = false;
        const auto made = fault.kind == faults::Kind::tls_certificate ? parts_.make(fault) : nullptr;
        static_cast<void>(parts_.registry.put(fault, now(), replaced, faults::Origin::file, made));
    }
}

void FaultCalls::keep_for_snapshot() {
    config::JsonNode all = config::JsonNode::array();
    for (const auto& armed : parts_.registry.all()) {
        // Those of a run end with it.
        if (!armed->fault.name.starts_with("run-")) all.items.push_back(faults::to_json(armed->fault));
    }
    parts_.context.commits.change(storage::PutMeta{std::string(meta_key), config::to_json_text(all)});
}

void FaultCalls::take_from_snapshot() {
    parts_.registry.clear();
    const auto text = parts_.context.reader.meta(meta_key);
    if (!text) return;
    const auto parsed = config::parse_json(*text, config::JsonDialect::strict);
    if (!parsed.root) return;
    config::Problems problems;
    const config::ReadContext context{"snapshot", *text, config::KeyMode::strict, problems};
    std::vector<faults::Fault> described;
    for (const auto& item : parsed.root->items) {
        if (auto fault = faults::read_fault(item, "$", context)) described.push_back(std::move(*fault));
    }
    const auto task = put(std::move(described), How::replace_all);
    if (task->failure) {
        parts_.context.log.error("the faults of the snapshot are not in force", {{"error", task->failure->message}});
    }
}

// --- hits ---

void FaultCalls::hit(const faults::Report& report) {
    const auto& client = report.client;
    const auto kind = report.armed.fault.rule().name;
    const auto at = parts_.context.clock.now(client.connector);
    parts_.context.metrics.fault_hits.add(kind);
    parts_.context.log.write(runtime::LogLevel::debug, report.detail,
                             {{"fault", report.armed.fault.name},
                              {"kind", kind},
                              {"connector", client.connector},
                              {"identity", client.identity},
                              {"connection", client.connection}});
    recorder_.event(Subject{.connector = client.connector,
                            .identity = client.known() ? client.identity : std::string_view(),
                            .connection_id = client.connection,
                            .ip = client.ip,
                            .protocol = journal::Protocol::mqtt},
                    journal::EventType::fault, at,
                    journal::FaultPayload{.name = report.armed.fault.name,
                                          .kind = kind,
                                          .hit = report.hit,
                                          .packet = report.packet,
                                          .topic = report.topic,
                                          .detail = report.detail,
                                          .claimed_identity = client.known() ? std::string_view() : client.identity});
}

}  // namespace device
