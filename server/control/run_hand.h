#pragma once
// Carries out one run's orders on its device, and undoes them. [verdict.md 1] Loop thread only.

#include "server/control/control_port.h"
#include "server/control/fault_calls.h"
#include "server/control/run_world.h"
#include "server/core/guest.h"
#include "server/verdict/orders.h"
#include "server/verdict/profile.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace device {

class RunHand {
  public:
    struct Parts {
        ControlPort& control;
        FaultCalls& faults;
        RunWorld& world;
        std::function<void(const std::string& run, const std::string& hook)> ask;
        std::function<void()> debts_changed;  // debts() has changed
        InviteGuest invite;
    };
    RunHand(const Parts& parts, std::string run, const verdict::Subject& subject, std::set<std::string> hooks);

    void take(verdict::Order order) { orders_.push_back(std::move(order)); }
    // Carries out orders in sequence as far as possible. Returns a sentence if one fails; the check's remaining orders
    // are then dropped. `ip`: the device's last address; empty: unknown.
    std::optional<std::string> go_on(const std::string& ip);
    // Orders remain for another turn.
    bool is_left() const { return !orders_.empty() && !waits(); }
    // A fault is still being made.
    bool waits() const { return making_ != nullptr; }
    // Ends its faults and undoes all its changes. Call before destruction too.
    void undo();

    const std::set<std::string>& asked() const { return asked_; }
    bool answered(const std::string& hook) { return asked_.erase(hook) > 0; }
    // What the run has changed, with the old values: after a crash the next start restores them.
    struct Debts {
        std::map<std::string, std::optional<storage::ValueRow>, std::less<>> values = {};
        std::set<std::string> offered = {};                             // content items
        std::optional<storage::IdentityRow> credential = std::nullopt;  // before it was revoked
        std::optional<std::int64_t> clock_offset_us = std::nullopt;
        bool operator==(const Debts&) const = default;
    };
    const Debts& debts() const { return debts_; }
    // Takes over the debts of a run that a crash of the server cut off.
    void inherit(Debts debts) { debts_ = std::move(debts); }

  private:
    RunWorld::Whom whom() const { return {subject_.connector, subject_.identity}; }
    std::optional<std::string> carry_out(const verdict::Order& order, const std::string& ip);
    std::optional<std::string> arm(const std::string& fault, const std::string& ip);
    std::optional<std::string> set_value(const verdict::SetValue& order);
    std::optional<std::string> call_hook(const std::string& hook);
    std::optional<std::string> revoke();
    std::optional<std::string> offer(const verdict::OfferContent& order);
    std::optional<std::string> withdraw(const std::string& item);
    std::optional<std::string> advance(std::chrono::microseconds by);
    std::optional<std::string> take_over();
    void disarm();
    void take_back();

    Parts parts_;
    std::string run_;
    verdict::Subject subject_;
    std::set<std::string> hooks_;  // that the caller answers
    std::set<std::string> asked_;  // not yet answered
    std::deque<verdict::Order> orders_;
    FaultCalls::Task making_;
    std::uint64_t faults_made_ = 0;
    Debts debts_;
    std::unique_ptr<Guest> guest_;
    std::optional<GuestLogin> login_;  // the device's last login, if a guest can use it
};

}  // namespace device
