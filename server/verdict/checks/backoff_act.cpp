#include "server/verdict/checks/backoff_act.h"

#include "server/verdict/checks/backoff_sequences.h"
#include "server/verdict/checks/provisioning.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace verdict {

namespace {

constexpr const char* stop_after_refusal =
    "Wait for CONNACK code 0 before anything else is sent, and close the connection after any other code. "
    "[MQTT-3.1.4-5]";

Result judged_with_jitter(const Sequence& first, const Sequence& second, const BackoffTerms& terms) {
    Result result = judge_backoff(first.pauses(), second.pauses(), terms);
    const bool without = without_jitter(first.whole_pauses(), second.whole_pauses(), terms);
    if (!without || result.outcome == Outcome::failed) return result;
    Result doubt = warned(result.message + " Both sequences were alike.",
                          "Spread the pauses by chance: else all devices come back at the same moment.");
    doubt.measured = result.measured;
    return doubt;
}

// Late enough that what comes behind it was not sent at once behind the CONNECT, which the standard allows; and open
// for a moment, so that it can come.
std::string refusal(int code) {
    return R"({"kind":"connack","code":)" + std::to_string(code) + R"(,"delay_ms":100,"stay_ms":500})";
}

// Code 3 is judged by the rule, the others by three attempts each.
class ConnackRefused final : public Backoff {
  public:
    // Refused for its credential it may ask for another one, which is a proper answer: it must get one, or it stays
    // away. A request is answered only once the credential is revoked. [R53]
    void on(const Observation& observation, Desk& desk) override {
        if (asks_for_credential(observation)) {
            if (!may_provision_) desk.order(RevokeCredential{});
            may_provision_ = !may_provision_;
        }
        Backoff::on(observation, desk);
    }

  protected:
    std::optional<Sequence> following(const Desk& desk) override {
        if (sequences().empty())
            return Sequence(refusal(3), first_sequence_attempts, refused_within).until(passes(desk));
        if (sequences().size() == 1 && !backs_off(sequences().front().pauses(), terms(desk)))
            return Sequence(refusal(3), second_sequence_attempts, refused_within);
        if (others_ == 0) others_ = sequences().size();
        const std::size_t done = sequences().size() - others_;
        constexpr std::array codes = {1, 2, 4, 5};
        if (done >= codes.size()) return std::nullopt;
        return Sequence(refusal(codes[done]), 3, refused_within);
    }
    Result judge(const Desk& desk) const override {
        int packets = 0;
        for (const Sequence& sequence : sequences()) {
            packets += sequence.packets_after_refusal();
            if (sequence.stuck())
                return failed("It kept the connection open after its CONNECT was refused.", stop_after_refusal);
        }
        if (packets > 0)
            return failed("It sent " + std::to_string(packets) + " packets behind a CONNACK that refused it.",
                          stop_after_refusal);
        const std::span<const Moment> second =
            others_ > 1 ? std::span<const Moment>(sequences()[1].pauses()) : std::span<const Moment>{};
        return judge_backoff(sequences().front().pauses(), second, terms(desk));
    }

  private:
    bool may_provision_ = false;
    std::size_t others_ = 0;  // the first of the sequences with other codes; 0: not yet reached
};

Moment connack_patience(const Desk& desk) {
    const Moment by_keep_alive = desk.habits().keep_alive() * 3 / 2 + std::chrono::seconds(10);
    return std::max(desk.parameters().patience, by_keep_alive);
}

// The CONNACK never comes, twice.
class NoConnack final : public Backoff {
  protected:
    std::optional<Sequence> following(const Desk& desk) override {
        if (sequences().size() >= 2) return std::nullopt;
        if (!sequences().empty() && sequences().back().stuck()) return std::nullopt;
        const std::size_t attempts = sequences().empty() ? first_sequence_attempts : second_sequence_attempts;
        return Sequence(R"({"kind":"withhold","packet":"CONNACK"})", attempts, connack_patience(desk))
            .until(sequences().empty() ? passes(desk) : tells_chance(desk));
    }
    Result judge(const Desk& desk) const override {
        if (sequences().back().stuck())
            return failed(
                "It waited for a CONNACK for " + seconds_text(connack_patience(desk)) + " and did not give up.",
                "Close the connection when no CONNACK comes within some ten seconds. [MQTT-3.1.4-4]");
        return judged_with_jitter(sequences().front(), sequences().back(), terms(desk));
    }
};

// Let in and dropped at once, five times.
class DroppedEarly final : public Backoff {
  protected:
    std::optional<Sequence> following(const Desk& desk) override {
        if (!sequences().empty()) return std::nullopt;
        return Sequence(R"({"kind":"close","packet":"CONNACK","when":"after"})", 5,
                        std::max(desk.parameters().patience, refused_within));
    }
    Result judge(const Desk& desk) const override {
        const auto& pauses = sequences().front().pauses();
        if (pauses.empty()) return not_run("The device was never seen trying again.");
        const Moment longest = std::min(std::ranges::max(pauses), desk.parameters().max_backoff);
        constexpr const char* hint = "Begin anew with a short pause only after the connection has lasted a while.";
        if (longest < std::chrono::seconds(1))
            return failed("Let in and dropped five times, its longest pause was " + seconds_text(longest) + ".", hint);
        if (pauses.size() > 1 && pauses.back() * 2 < pauses.front() * 3 && longest < desk.parameters().max_backoff)
            return warned(
                "Let in and dropped five times, its pauses did not grow beyond " + seconds_text(longest) + ".", hint);
        return passed("Let in and dropped five times, its pauses grew to " + seconds_text(longest) + ".");
    }
};

// Reset after accept by the rule, twice for the jitter; then accepted and silent; then no port at all.
class TcpRefused final : public Backoff {
  protected:
    std::optional<Sequence> following(const Desk& desk) override {
        switch (sequences().size()) {
            case 0:
                return Sequence(R"({"kind":"refuse"})", first_sequence_attempts, refused_within).until(passes(desk));
            case 1:
                return Sequence(R"({"kind":"refuse"})", second_sequence_attempts, refused_within)
                    .until(tells_chance(desk));
            case 2:
                return Sequence(R"({"kind":"silence","direction":"both"})", 2,
                                std::max(desk.parameters().patience, connack_patience(desk)));
            default:
                return std::nullopt;
        }
    }
    Result judge(const Desk& desk) const override {
        if (sequences().back().stuck())
            return failed("Accepted by a server that says nothing, it did not give up.",
                          "Set a timeout for the TLS handshake and for CONNACK.");
        return judged_with_jitter(sequences()[0], sequences()[1], terms(desk));
    }
};

}  // namespace

std::unique_ptr<Act> act_connack_refused() {
    return std::make_unique<ConnackRefused>();
}
std::unique_ptr<Act> act_no_connack() {
    return std::make_unique<NoConnack>();
}
std::unique_ptr<Act> act_dropped_early() {
    return std::make_unique<DroppedEarly>();
}
std::unique_ptr<Act> act_tcp_refused() {
    return std::make_unique<TcpRefused>();
}

}  // namespace verdict
