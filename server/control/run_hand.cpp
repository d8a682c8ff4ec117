#include "server/control/run_hand.h"

#include "config/json_tree.h"
#include "config/number_text.h"
#include "server/faults/fault_json.h"
#include "server/text/sha256.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

namespace device {
namespace {

using config::JsonNode;

// Whom a fault of this kind can tell apart when it acts. [faults.md 2]
enum class Reach : std::uint8_t { server, address, connection, device };

Reach reach_of(std::string_view kind) {
    if (kind == "outage") return Reach::server;
    if (kind == "refuse") return Reach::address;
    constexpr std::array<std::string_view, 4> early{"silence", "latency", "bandwidth", "slice"};
    const bool before_connect = kind.starts_with("tls_") || std::ranges::find(early, kind) != early.end();
    return before_connect ? Reach::connection : Reach::device;
}

constexpr std::uint64_t most_content_bytes = 512ULL * 1024 * 1024;
constexpr std::uint64_t most_drawn_bytes = 1024ULL * 1024;  // within one turn; behind them a file has zeros
constexpr const char* not_alone = "Another device is connected there, whom it would strike as well.";

}  // namespace

RunHand::RunHand(const Parts& parts, std::string run, const verdict::Subject& subject, std::set<std::string> hooks)
    : parts_(parts), run_(std::move(run)), subject_(subject), hooks_(std::move(hooks)) {}

std::optional<std::string> RunHand::go_on(const std::string& ip) {
    if (making_ != nullptr) {
        if (!making_->done) return std::nullopt;
        const auto made = std::exchange(making_, nullptr);
        if (made->failure) {
            orders_.clear();
            return "Its fault cannot be made: " + made->failure->message + ".";
        }
    }
    while (!orders_.empty() && making_ == nullptr) {
        const auto order = std::move(orders_.front());
        orders_.pop_front();
        if (auto why = carry_out(order, ip)) {
            orders_.clear();
            return why;
        }
        // Connections hear of a fault in the next turn: what it is to strike comes behind that.
        if (std::holds_alternative<verdict::Arm>(order)) break;
    }
    return std::nullopt;
}

std::optional<std::string> RunHand::carry_out(const verdict::Order& order, const std::string& ip) {
    if (const auto* wanted = std::get_if<verdict::Arm>(&order)) return arm(wanted->fault, ip);
    if (const auto* value = std::get_if<verdict::SetValue>(&order)) return set_value(*value);
    if (const auto* hook = std::get_if<verdict::CallHook>(&order)) return call_hook(hook->name);
    if (const auto* item = std::get_if<verdict::OfferContent>(&order)) return offer(*item);
    if (const auto* item = std::get_if<verdict::WithdrawContent>(&order)) return withdraw(item->name);
    if (const auto* clock = std::get_if<verdict::AdvanceClock>(&order)) return advance(clock->by);
    if (std::holds_alternative<verdict::RevokeCredential>(order)) return revoke();
    if (std::holds_alternative<verdict::TakeOver>(order)) return take_over();
    if (std::holds_alternative<verdict::EndPeer>(order)) guest_.reset();
    if (std::holds_alternative<verdict::Disarm>(order)) disarm();
    if (std::holds_alternative<verdict::TakeBack>(order)) take_back();
    if (std::holds_alternative<verdict::Disconnect>(order)) parts_.world.disconnect(whom());
    if (const auto* message = std::get_if<verdict::PublishTo>(&order))
        parts_.world.publish(whom(), message->topic, message->payload);
    if (const auto* age = std::get_if<verdict::AgeSessions>(&order)) parts_.world.age_sessions(whom(), age->hours);
    return std::nullopt;
}

std::optional<std::string> RunHand::arm(const std::string& fault, const std::string& ip) {
    const auto parsed = config::parse_json(fault, config::JsonDialect::strict);
    if (!parsed.root) return "Its fault is not JSON.";
    JsonNode node = *parsed.root;
    const auto* kind = node.find("kind");
    const Reach reach = reach_of(kind == nullptr ? std::string_view() : std::string_view(kind->text));
    if (reach != Reach::device) {
        const bool anywhere = reach != Reach::connection;
        if (reach != Reach::server && ip.empty()) return "The device's address is not known yet.";
        if (parts_.world.others_connected(whom(), anywhere ? "" : subject_.connector,
                                          reach == Reach::server ? "" : std::string_view(ip)))
            return not_alone;
        if (reach != Reach::server) node.put("ip", JsonNode::of(ip));
    } else {
        node.put("identity", JsonNode::of(subject_.identity));
    }
    if (reach == Reach::connection || reach == Reach::device) node.put("connector", JsonNode::of(subject_.connector));
    const auto text = config::to_json_text(node);
    config::Problems problems;
    const config::ReadContext context{"run", text, config::KeyMode::strict, problems};
    const std::string name = "run-" + run_ + "-" + std::to_string(++faults_made_);
    auto described = faults::read_fault(node, "$", context, {.connector = {}, .name = name});
    if (!described || !problems.ok()) return "Its fault cannot be made: " + problems.error_text();
    making_ = parts_.faults.put({*std::move(described)}, FaultCalls::How::add);
    if (!making_->done) return std::nullopt;
    const auto made = std::exchange(making_, nullptr);
    return made->failure ? std::optional("Its fault cannot be made: " + made->failure->message + ".") : std::nullopt;
}

// A number or a truth value stands bare in JSON where the resource wants it so.
std::optional<std::string> RunHand::set_value(const verdict::SetValue& order) {
    const auto before = parts_.world.value(whom(), order.alias);
    std::vector<JsonKind> kinds;
    if (config::is_json_number(order.text)) kinds.push_back(JsonKind::number);
    if (order.text == "true" || order.text == "false") kinds.push_back(JsonKind::boolean);
    kinds.push_back(JsonKind::string);
    Failure failure;
    for (const JsonKind kind : kinds) {
        failure = parts_.control.set_state(subject_.connector, subject_.identity, {{order.alias, kind, order.text}});
        if (!failure) break;
    }
    if (failure) return "'" + order.alias + "' cannot be set: " + failure->message;
    if (debts_.values.emplace(order.alias, before).second) parts_.debts_changed();
    return std::nullopt;
}

std::optional<std::string> RunHand::call_hook(const std::string& hook) {
    if (!hooks_.contains(hook)) return "It needs the hook '" + hook + "', which the run does not have.";
    asked_.insert(hook);
    parts_.ask(run_, hook);
    return std::nullopt;
}

void RunHand::disarm() {
    const std::string mine = "run-" + run_ + "-";
    std::vector<std::string> names;
    for (const auto& armed : parts_.faults.registry().all())
        if (armed->fault.name.starts_with(mine)) names.push_back(armed->fault.name);
    for (const auto& name : names) parts_.faults.registry().remove(name);
}

std::optional<std::string> RunHand::revoke() {
    if (!debts_.credential) debts_.credential = parts_.world.row(whom());
    parts_.debts_changed();
    IdentityChange revoked;
    revoked.auth_expire_us = 0;
    const auto failure = parts_.control.patch_identity(subject_.connector, subject_.identity, revoked);
    return failure ? std::optional(failure->message) : std::nullopt;
}

// The bytes follow from the name, so that each offer of it is the same file. Its digest is told as that of an upload
// is.
std::optional<std::string> RunHand::offer(const verdict::OfferContent& order) {
    if (order.bytes > most_content_bytes) return "content_bytes is over " + std::to_string(most_content_bytes) + ".";
    std::string bytes(static_cast<std::size_t>(std::min(order.bytes, most_drawn_bytes)), '\0');
    std::minstd_rand drawn(static_cast<unsigned>(std::accumulate(order.name.begin(), order.name.end(), 1U)));
    for (auto& byte : bytes) byte = static_cast<char>(drawn() & 0xFFU);
    ContentPut put;
    put.row.connector = subject_.connector;
    put.row.id = order.name;
    put.row.file = parts_.control.new_content_file();
    put.row.mime = "application/octet-stream";
    put.row.length = order.bytes;
    if (bytes.size() == order.bytes) put.row.sha256 = text::sha256_hex(bytes);
    const auto path = parts_.control.content_dir() / put.row.file;
    std::ofstream file(path, std::ios::binary);
    std::error_code error;
    if (file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
        std::filesystem::resize_file(path, order.bytes, error);
    if (!file || error) return "The file of '" + order.name + "' cannot be written.";
    if (auto failure = parts_.control.put_content(std::move(put))) return failure->message;
    debts_.offered.insert(order.name);
    parts_.debts_changed();
    return std::nullopt;
}

std::optional<std::string> RunHand::withdraw(const std::string& item) {
    if (debts_.offered.erase(item) == 0) return std::nullopt;
    const auto failure = parts_.control.delete_content(subject_.connector, item);
    parts_.debts_changed();
    return failure ? std::optional(failure->message) : std::nullopt;
}

std::optional<std::string> RunHand::advance(std::chrono::microseconds by) {
    if (!debts_.clock_offset_us) debts_.clock_offset_us = parts_.control.clock(subject_.connector).offset_us;
    parts_.debts_changed();
    const auto failure = parts_.control.advance_clock(subject_.connector, by.count());
    return failure ? std::optional(failure->message) : std::nullopt;
}

// The peer sends nothing; the ClientID of the device's newest connection is what it takes. [R22]
std::optional<std::string> RunHand::take_over() {
    if (guest_ && guest_->connected()) return std::nullopt;
    if (auto login = parts_.world.login_of(whom())) login_ = std::move(login);
    if (!login_) return "The device is not connected, so that there is nothing to take over.";
    if (login_->client_id.empty()) return "The device has no ClientID with which a peer could take it over.";
    guest_ = parts_.invite(*login_);
    return guest_->connected() ? std::nullopt : std::optional<std::string>("The peer was not let in.");
}

void RunHand::take_back() {
    guest_.reset();
    const auto debts = std::exchange(debts_, {});
    for (const auto& [alias, row] : debts.values) parts_.world.put_back(whom(), alias, row);
    for (const auto& item : debts.offered) parts_.control.delete_content(subject_.connector, item);
    if (debts.credential) parts_.world.put_back_credential(whom(), *debts.credential);
    if (debts.clock_offset_us) {
        ClockChange change;
        change.offset_us = *debts.clock_offset_us;
        parts_.control.change_clock(subject_.connector, change);
    }
    if (debts != Debts{}) parts_.debts_changed();
}

void RunHand::undo() {
    orders_.clear();
    asked_.clear();
    disarm();
    take_back();
}

}  // namespace device
