#include "server/net/fault_plan.h"

#include "server/net/tls/alert_numbers.h"

#include <algorithm>

#include <openssl/ssl.h>

namespace net {
namespace {

using faults::Key;
using faults::Kind;

// One chance a connection: what holds its bytes.
bool holds_a_connection(const faults::Fault& fault) {
    switch (fault.kind) {
        case Kind::silence:
        case Kind::latency:
        case Kind::bandwidth:
        case Kind::slice:
        case Kind::tls_records:
            return true;
        case Kind::close:
            return !fault.values.has(Key::packet);
        default:
            return false;
    }
}

bool is_of_the_handshake(Kind kind) {
    return kind == Kind::tls_certificate || kind == Kind::tls_abort || kind == Kind::tls_stall ||
           kind == Kind::tls_version || kind == Kind::tls_no_resumption;
}

bool shapes_the_wire(Kind kind) {
    return kind == Kind::latency || kind == Kind::bandwidth || kind == Kind::slice;
}

// `both` is the default; close counts what leaves.
std::string_view direction_of(const faults::Fault& fault) {
    const auto direction = fault.values.text(Key::direction);
    if (!direction.empty()) return direction;
    return fault.kind == Kind::close ? "out" : "both";
}

bool is_of(const faults::Fault& fault, Direction direction) {
    const auto named = direction_of(fault);
    return named == "both" || named == (direction == Direction::in ? "in" : "out");
}

std::string way_text(const faults::Fault& fault) {
    const auto direction = direction_of(fault);
    return direction == "in" ? "from the device" : direction == "out" ? "to the device" : "in both directions";
}

std::string sentence(const faults::Fault& fault) {
    const auto& values = fault.values;
    const auto number = [&](Key key) { return std::to_string(values.number(key)); };
    switch (fault.kind) {
        case Kind::silence:
            return "The connection is silent " + way_text(fault);
        case Kind::latency:
            return "Every byte " + way_text(fault) + " comes " + number(Key::delay_ms) + " ms later";
        case Kind::bandwidth:
            return "No more than " + number(Key::bytes_per_s) + " bytes a second pass " + way_text(fault);
        case Kind::slice:
            return "What leaves, leaves in segments of at most " + number(Key::bytes) + " bytes";
        case Kind::tls_records:
            return "Application data leaves in records of at most " + number(Key::bytes) + " bytes";
        case Kind::close: {
            const auto how = values.text(Key::how);
            return how == "reset"  ? "The connection was reset"
                   : how == "half" ? "The server's side of the connection was ended"
                                   : "The connection was closed";
        }
        case Kind::tls_certificate:
            return "The certificate shown is " + std::string(values.text(Key::as));
        case Kind::tls_abort:
            return "The handshake was ended with the alert " + std::string(values.text(Key::alert));
        case Kind::tls_stall:
            return values.text(Key::place) == "server_hello" ? "Nothing follows the ServerHello"
                                                             : "The ClientHello is not answered";
        case Kind::tls_version:
            return "The TLS versions offered were narrowed";
        case Kind::tls_no_resumption:
            return "The handshake is a full one";
        default:
            return std::string(fault.rule().name);
    }
}

int version_number(std::string_view name) {
    return name == "1.2" ? TLS1_2_VERSION : name == "1.3" ? TLS1_3_VERSION : 0;
}

}  // namespace

FaultPlan::FaultPlan(faults::Registry& registry, const device::PeerFacts& facts) : registry_(registry), facts_(facts) {}

faults::Client FaultPlan::client() const {
    return {.connector = hello_connector_.empty() ? std::string_view(facts_.connector) : hello_connector_,
            .identity = who_.identity,
            .client_id = who_.client_id,
            .ip = facts_.ip,
            .connection = facts_.connection_id,
            .connected = is_connected_,
            .anonymous = who_.anonymous};
}

// --- chances ---

bool FaultPlan::may_begin(const faults::Fault& fault) const {
    if (fault.scope.names_client()) return phase_ == Phase::connected;
    if (fault.kind == Kind::tls_records) return facts_.tls && phase_ != Phase::accepted;
    return !fault.scope.connector || !facts_.tls || phase_ != Phase::accepted;
}

void FaultPlan::reach(Phase phase, TimePoint now) {
    phase_ = std::max(phase_, phase);
    refresh(now);
}

void FaultPlan::connected(Who who, TimePoint now) {
    who_ = std::move(who);
    is_connected_ = true;
    reach(Phase::connected, now);
}

void FaultPlan::refresh(TimePoint now) {
    now_ = now;
    for (const auto& held : held_) {
        if (!held.armed->over()) continue;
        const auto kind = held.armed->fault.kind;
        shapes_ = shapes_ || shapes_the_wire(kind);
        ended_ = ended_ || kind == Kind::tls_stall || (kind == Kind::silence && held.acts && held.armed->removed);
    }
    std::erase_if(held_, [](const Held& held) { return held.armed->over(); });
    const auto& all = registry_.all();
    for (const auto& armed : all) {
        if (armed->active() && holds_a_connection(armed->fault)) chance(armed, now);
    }
}

void FaultPlan::chance(const faults::ArmedPtr& armed, TimePoint now) {
    if (std::find(tried_.begin(), tried_.end(), armed->number) != tried_.end()) return;
    if (!may_begin(armed->fault) || !armed->fault.scope.strikes(client())) return;
    tried_.push_back(armed->number);
    const auto hit = registry_.strike(armed, client(), now);
    if (!hit) return;
    auto& held = held_.emplace_back();
    held.armed = armed;
    held.hit = *hit;
    registry_.hold(facts_.connection_id, armed);
    shapes_ = shapes_ || shapes_the_wire(armed->fault.kind);
    count(held, now);
}

void FaultPlan::act(Held& held, TimePoint, const std::string& detail) {
    held.acts = true;
    registry_.report(*held.armed, held.hit, client(), detail);
}

// Whether what it waits for has come.
void FaultPlan::count(Held& held, TimePoint now) {
    const auto& fault = held.armed->fault;
    if (held.acts || held.due || counted(held) < limit(held)) return;
    if (fault.kind == Kind::close) {
        if (!fault.values.has(Key::idle_ms)) held.due = now + fault.values.time(Key::delay_ms);
        return;
    }
    act(held, now, sentence(fault));
}

bool FaultPlan::counts(const Held& held, Direction direction) {
    const auto& fault = held.armed->fault;
    return (fault.kind == Kind::silence || fault.kind == Kind::close) && is_of(fault, direction);
}

std::uint64_t FaultPlan::counted(const Held& held) {
    return (counts(held, Direction::in) ? held.in : 0) + (counts(held, Direction::out) ? held.out : 0);
}

std::uint64_t FaultPlan::limit(const Held& held) {
    return static_cast<std::uint64_t>(held.armed->fault.values.number(Key::after_bytes));
}

void FaultPlan::passed(Direction direction, std::size_t bytes, TimePoint now) {
    for (auto& held : held_) {
        (direction == Direction::in ? held.in : held.out) += bytes;
        count(held, now);
    }
    last_came_ = now;
}

bool FaultPlan::may_come(TimePoint now) {
    for (auto& held : held_) {
        const auto& values = held.armed->fault.values;
        if (held.armed->fault.kind != Kind::close || !values.has(Key::idle_ms) || !last_came_) continue;
        if (now - *last_came_ >= values.time(Key::idle_ms)) held.due = now;
    }
    return !std::any_of(held_.begin(), held_.end(), [now](const Held& held) {
        return held.armed->fault.kind == Kind::close && held.due && !held.acts && *held.due <= now;
    });
}

std::size_t FaultPlan::allowance(Direction direction) const {
    auto least = std::numeric_limits<std::size_t>::max();
    for (const auto& held : held_) {
        if (held.acts || !counts(held, direction) || limit(held) == 0) continue;
        least = std::min<std::size_t>(least, limit(held) - std::min(limit(held), counted(held)));
    }
    return least;
}

// --- what they do ---

bool FaultPlan::silent(Direction direction) const {
    return std::any_of(held_.begin(), held_.end(), [direction](const Held& held) {
        return held.armed->fault.kind == Kind::silence && held.acts && is_of(held.armed->fault, direction);
    });
}

bool FaultPlan::stalled() const {
    return std::any_of(held_.begin(), held_.end(),
                       [](const Held& held) { return held.armed->fault.kind == Kind::tls_stall; });
}

std::optional<FaultEnding> FaultPlan::take_ending(TimePoint now) {
    for (auto& held : held_) {
        if (held.armed->fault.kind != Kind::close || held.acts || !held.due || *held.due > now) continue;
        const auto how = held.armed->fault.values.text(Key::how);
        act(held, now, sentence(held.armed->fault));
        return how == "reset" ? FaultEnding::reset : how == "half" ? FaultEnding::half : FaultEnding::fin;
    }
    return std::nullopt;
}

std::optional<FaultPlan::TimePoint> FaultPlan::next() const {
    std::optional<TimePoint> next;
    for (const auto& held : held_) {
        if (held.armed->fault.kind == Kind::close && held.due && !held.acts)
            next = next ? std::min(*next, *held.due) : held.due;
    }
    return next;
}

bool FaultPlan::shapes() const {
    return shapes_;
}

WireShape FaultPlan::shape() {
    shapes_ = false;
    WireShape shape;
    for (const auto& held : held_) {
        const auto& fault = held.armed->fault;
        for (auto* way : {&shape.in, &shape.out}) {
            if (!is_of(fault, way == &shape.in ? Direction::in : Direction::out)) continue;
            if (fault.kind == Kind::latency) {
                way->delays.push_back({fault.values.time(Key::delay_ms), fault.values.time(Key::jitter_ms),
                                       faults::Generator(registry_.random_of(*held.armed), fault.name)});
            } else if (fault.kind == Kind::bandwidth) {
                const auto rate = static_cast<std::uint64_t>(fault.values.number(Key::bytes_per_s));
                way->bytes_per_s = way->bytes_per_s == 0 ? rate : std::min(way->bytes_per_s, rate);
            } else if (fault.kind == Kind::slice && way == &shape.out) {
                const auto bytes = static_cast<std::size_t>(fault.values.number(Key::bytes));
                way->slice = way->slice == 0 ? bytes : std::min(way->slice, bytes);
                way->pause = std::max(way->pause, fault.values.time(Key::delay_ms));
            }
        }
    }
    return shape;
}

std::size_t FaultPlan::most_record() const {
    std::size_t most = 0;
    for (const auto& held : held_) {
        if (held.armed->fault.kind != Kind::tls_records) continue;
        const auto bytes = static_cast<std::size_t>(held.armed->fault.values.number(Key::bytes));
        most = most == 0 ? bytes : std::min(most, bytes);
    }
    return most;
}

// --- the handshake ---

HelloVerdict FaultPlan::on_client_hello(std::string_view connector) {
    hello_connector_ = connector;
    phase_ = std::max(phase_, Phase::hello);
    refresh(now_);
    HelloVerdict verdict;
    const auto& all = registry_.all();
    for (const auto& armed : all) {
        if (!armed->active() || !is_of_the_handshake(armed->fault.kind)) continue;
        if (armed->fault.scope.strikes(client())) verdict = strike_hello(armed, std::move(verdict), now_);
        if (verdict.alert || verdict.stall == Stall::at_client_hello) break;  // the first of these decides
    }
    return verdict;
}

HelloVerdict FaultPlan::strike_hello(const faults::ArmedPtr& armed, HelloVerdict verdict, TimePoint now) {
    const auto hit = registry_.strike(armed, client(), now);
    if (!hit) return verdict;
    const auto& fault = armed->fault;
    switch (fault.kind) {
        case Kind::tls_abort:
            verdict.alert = alert_number(fault.values.text(Key::alert));
            break;
        case Kind::tls_stall:
            verdict.stall =
                fault.values.text(Key::place) == "server_hello" ? Stall::at_server_hello : Stall::at_client_hello;
            held_.push_back({.armed = armed, .hit = *hit, .acts = true});
            break;
        case Kind::tls_certificate:
            verdict.chains = std::static_pointer_cast<const certs::ServerChains>(armed->made);
            verdict.no_resumption = true;
            break;
        case Kind::tls_version:
            verdict.min_version = std::max(verdict.min_version, version_number(fault.values.text(Key::min)));
            if (const auto max = version_number(fault.values.text(Key::max)); max != 0) verdict.max_version = max;
            break;
        default:
            verdict.no_resumption = true;
            break;
    }
    registry_.report(*armed, *hit, client(), sentence(fault));
    return verdict;
}

}  // namespace net
