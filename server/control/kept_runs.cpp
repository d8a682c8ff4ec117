// What a crash would leave of runs: which went on, and what they changed and is to be put back. Results of runs that
// have ended are not kept: whoever asked for them has them, and the journal has their outcomes.

#include "config/json_tree.h"
#include "server/control/verdict_calls.h"

#include <charconv>

namespace device {
namespace {

using config::JsonNode;

constexpr std::string_view meta_key = "verdict_runs";

std::int64_t number_of(const JsonNode& node, std::string_view key) {
    const auto* found = node.find(key);
    std::int64_t value = 0;
    if (found != nullptr) std::from_chars(found->text.data(), found->text.data() + found->text.size(), value);
    return value;
}

std::string text_of(const JsonNode& node, std::string_view key) {
    const auto* found = node.find(key);
    return found == nullptr ? std::string() : found->text;
}

JsonNode number(std::int64_t value) {
    return JsonNode::number(std::to_string(value));
}

JsonNode value_json(const std::string& alias, const std::optional<storage::ValueRow>& row) {
    JsonNode node = JsonNode::object({{"alias", JsonNode::of(std::string_view(alias))}});
    if (!row || !row->set) return node;
    node.put("set", JsonNode::of(std::string_view(*row->set)));
    node.put("set_us", number(row->set_timestamp_us));
    node.put("unacknowledged", JsonNode::of(row->unacknowledged));
    return node;
}

std::optional<storage::ValueRow> value_of(const JsonNode& node) {
    const auto* set = node.find("set");
    if (set == nullptr) return std::nullopt;
    storage::ValueRow row;
    row.set = set->text;
    row.set_timestamp_us = number_of(node, "set_us");
    const auto* unacknowledged = node.find("unacknowledged");
    row.unacknowledged = unacknowledged != nullptr && unacknowledged->truth;
    return row;
}

JsonNode text_node(const std::string& text) {
    return JsonNode::of(std::string_view(text));
}

JsonNode credential_json(const storage::IdentityRow& row) {
    JsonNode node = JsonNode::object({{"auth_type", text_node(row.auth_type)},
                                      {"key", text_node(row.key)},
                                      {"reprovision", JsonNode::of(row.reprovision)},
                                      {"expired", JsonNode::of(row.expired)}});
    if (row.expire_us) node.put("expire_us", number(*row.expire_us));
    return node;
}

storage::IdentityRow credential_of(const JsonNode& node) {
    const auto is_true = [&](std::string_view key) {
        const auto* found = node.find(key);
        return found != nullptr && found->truth;
    };
    storage::IdentityRow row;
    row.auth_type = text_of(node, "auth_type");
    row.key = text_of(node, "key");
    row.reprovision = is_true("reprovision");
    row.expired = is_true("expired");
    if (node.find("expire_us") != nullptr) row.expire_us = number_of(node, "expire_us");
    return row;
}

void put_debts(JsonNode& run, const RunHand::Debts& debts) {
    JsonNode values = JsonNode::array();
    for (const auto& [alias, row] : debts.values) values.items.push_back(value_json(alias, row));
    run.put("values", std::move(values));
    run.put("offered", JsonNode::array_of(std::vector<std::string>(debts.offered.begin(), debts.offered.end())));
    if (debts.credential) run.put("credential", credential_json(*debts.credential));
    if (debts.clock_offset_us) run.put("clock_offset_us", number(*debts.clock_offset_us));
}

RunHand::Debts debts_of(const JsonNode& run) {
    RunHand::Debts debts;
    if (const JsonNode* values = run.find("values"))
        for (const JsonNode& value : values->items) debts.values.emplace(text_of(value, "alias"), value_of(value));
    if (const JsonNode* offered = run.find("offered"))
        for (const JsonNode& item : offered->items) debts.offered.insert(item.text);
    if (const JsonNode* credential = run.find("credential")) debts.credential = credential_of(*credential);
    if (run.find("clock_offset_us") != nullptr) debts.clock_offset_us = number_of(run, "clock_offset_us");
    return debts;
}

}  // namespace

void VerdictCalls::keep() {
    JsonNode runs = JsonNode::array();
    for (const auto& [id, going] : going_) {
        const auto& entry = *runs_.find(id);
        const auto& subject = entry.run.plan().subject;
        JsonNode run = JsonNode::object({{"id", text_node(id)},
                                         {"connector", text_node(subject.connector)},
                                         {"identity", text_node(subject.identity)},
                                         {"suite", text_node(entry.suite)},
                                         {"started_us", number(entry.started_us)}});
        put_debts(run, going.hand.debts());
        runs.items.push_back(std::move(run));
    }
    JsonNode all = JsonNode::object({{"last_id", number(static_cast<std::int64_t>(runs_.next_id()) - 1)}});
    all.put("runs", std::move(runs));
    parts_.context.commits.change(storage::PutMeta{std::string(meta_key), config::to_json_text(all)});
}

void VerdictCalls::take_back(const config::JsonNode& kept) {
    verdict::RunPlan plan;
    plan.subject.connector = text_of(kept, "connector");
    plan.subject.identity = text_of(kept, "identity");
    const auto number = number_of(kept, "id");
    if (number > 0) runs_.continue_behind(static_cast<std::uint64_t>(number) - 1);
    RunHand hand = make_hand(text_of(kept, "id"), plan.subject, {});
    hand.inherit(debts_of(kept));
    hand.undo();
    const auto started = runs_.start(plan, text_of(kept, "suite"), number_of(kept, "started_us"), now());
    if (const auto* run = std::get_if<verdict::Started>(&started))
        runs_.abort(run->id, "the server was restarted", now());
}

void VerdictCalls::take_from_store() {
    const auto text = parts_.context.reader.meta(meta_key);
    if (!text) return;
    const auto parsed = config::parse_json(*text, config::JsonDialect::strict);
    if (!parsed.root) return;
    const JsonNode* runs = parsed.root->find("runs");
    if (runs != nullptr)
        for (const JsonNode& kept : runs->items) take_back(kept);
    const auto last = number_of(*parsed.root, "last_id");
    if (last > 0) runs_.continue_behind(static_cast<std::uint64_t>(last));
    if (runs != nullptr && !runs->items.empty()) keep();
}

}  // namespace device
