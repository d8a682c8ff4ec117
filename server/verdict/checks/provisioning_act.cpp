#include "server/verdict/checks/provisioning_act.h"

#include "server/verdict/checks/backoff_sequences.h"
#include "server/verdict/checks/provisioning.h"

#include <chrono>
#include <optional>
#include <string>

namespace verdict {

namespace {

constexpr const char* keep_the_credential =
    "Store the credential, close the anonymous connection, and connect with it. [R52]";

// The reply came: the anonymous connection ends, and the device comes back with what it got.
class NewCredential final : public Act {
  public:
    void begin(Desk& desk) override {
        if (auto reason = cannot_provision(desk)) return desk.end(*std::move(reason));
        take_credential(desk);
        desk.wait("the device to provision", desk.now() + comes_back_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        leaked_ |= publish && publish->holds_credential && !asks_for_credential(observation);
        if (asks_for_credential(observation)) anonymous_ = observation.connection;
        if (!replied_ && gets_credential(observation, desk)) {
            replied_ = desk.now();
            desk.wait("the device to come back with its credential", desk.now() + desk.parameters().patience);
        }
        if (!replied_) return;
        if (observation.connection == anonymous_ && std::holds_alternative<Closed>(observation.seen)) ended_ = true;
        if (logs_in(observation) && !logged_in_) {
            logged_in_ = desk.now();
            desk.wait("the device to report", desk.now() + reports_within(desk));
        }
        // What it reports first may tell the credential.
        const bool heard = !desk.habits().report_interval() || reports(observation);
        if (ended_ && logged_in_ && (heard || leaked_)) desk.end(verdict());
    }
    void at(Desk& desk) override {
        if (!anonymous_) return desk.end(not_run("The device was not seen asking for a credential."));
        if (!replied_) return desk.end(not_run("Its request for a credential was refused: the findings tell why."));
        if (logged_in_ && ended_) return desk.end(verdict());
        if (logged_in_)
            return desk.end(failed("It came back with its credential and kept the anonymous connection open.",
                                   keep_the_credential));
        desk.end(failed(std::string("With its credential in hand it ") +
                            (ended_ ? "did not come back within " : "stayed on the anonymous connection for ") +
                            seconds_text(desk.now() - *replied_) + ".",
                        keep_the_credential));
    }

  private:
    Result verdict() const {
        const Moment after = *logged_in_ - *replied_;
        Result result = leaked_
                            ? failed("Its credential stood in a topic or a payload that it published.",
                                     "Send the credential in the Password of CONNECT only.")
                            : passed("It was back with its credential " + seconds_text(after) + " after the reply.");
        result.measured = {{"back_after_s", seconds(after)}};
        return result;
    }

    std::uint64_t anonymous_ = 0;
    std::optional<Moment> replied_;
    std::optional<Moment> logged_in_;
    bool ended_ = false;
    bool leaked_ = false;
};

// Each reply is lost. The run revokes between requests, since a second one would never be answered. [R53]
class LostReply final : public Act {
  public:
    void begin(Desk& desk) override {
        if (auto reason = cannot_provision(desk)) return desk.end(*std::move(reason));
        if (desk.subject().auth_type == AuthType::password)
            return desk.end(not_run("A password has no reply that could be lost. [R51]"));
        lose(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (letting_in_) {
            if (!logs_in(observation)) return;
            return judged_ ? desk.end(*judged_) : lose(desk);
        }
        // Provisioned by the request whose reply is lost.
        if (hits(observation, "withhold")) desk.order(RevokeCredential{});
        if (std::holds_alternative<Accepted>(observation.seen)) began_ = desk.now();
        if (std::holds_alternative<Closed>(observation.seen) && observation.connection == asked_on_)
            return gave_up(desk);
        if (asks_for_credential(observation)) asked(observation.connection, desk);
    }
    void at(Desk& desk) override {
        if (letting_in_)
            return desk.end(judged_ && judged_->outcome == Outcome::failed
                                ? *judged_
                                : failed("When its requests were answered again, it did not come back.",
                                         "Go on asking for a credential, with a growing pause."));
        if (!last_) return desk.end(not_run("The device was not seen asking for a credential."));
        if (pauses().empty() && !second_round_)
            return judge(desk, failed("The reply to its request was lost, and it did not ask again within " +
                                          seconds_text(desk.now() - *last_) + ".",
                                      "Ask again where no reply comes, with a growing pause."));
        pauses().push_back(waits_for_);  // and no longer
        round_over(desk);
    }

  private:
    std::vector<Moment>& pauses() { return second_round_ ? second_ : first_; }
    std::size_t wanted() const { return second_round_ ? second_sequence_attempts : first_sequence_attempts; }
    void asked(std::uint64_t connection, Desk& desk) {
        // On the same connection it is the time between two requests.
        const bool anew = ended_ && began_ >= *ended_;
        if (last_) pauses().push_back(anew ? began_ - *ended_ : desk.now() - *last_);
        last_ = desk.now();
        ended_.reset();
        asked_on_ = connection;
        const BackoffTerms terms{desk.parameters().max_backoff};
        const bool passes = !second_round_ && backs_off(first_, terms);
        if (pauses().size() + 1 >= wanted() || passes) return round_over(desk);
        const Moment first_reply = pauses().empty() ? desk.parameters().patience : Moment{0};
        wait_for_next(terms.longest, first_reply, desk);
    }
    // It waits for the reply no longer: the pause begins.
    void gave_up(Desk& desk) {
        ended_ = desk.now();
        const BackoffTerms terms{desk.parameters().max_backoff};
        const Moment first_reply = pauses().empty() ? desk.parameters().patience : Moment{0};
        wait_for_next(second_round_ ? terms.longest : passes_after(first_, terms), first_reply, desk);
    }
    void wait_for_next(Moment pause, Moment longer, Desk& desk) {
        waits_for_ = pause;
        desk.wait("request " + std::to_string(pauses().size() + 2) + " of " + std::to_string(wanted()),
                  desk.now() + pause + longer);
    }
    void lose(Desk& desk) {
        letting_in_ = false;
        last_.reset();
        ended_.reset();
        asked_on_ = 0;
        desk.order(Arm{R"({"kind":"withhold","packet":"PUBLISH","topic":"$provision/#"})"});
        take_credential(desk);
        desk.wait("the device to provision", desk.now() + comes_back_within(desk));
    }
    void round_over(Desk& desk) {
        const BackoffTerms terms{desk.parameters().max_backoff};
        if (!second_round_ && !backs_off(first_, terms)) {
            second_round_ = true;
            return let_in(desk);
        }
        judge(desk, judge_backoff(first_, second_, terms));
    }
    // It ends with a credential: without one the device could not go on.
    void judge(Desk& desk, Result result) {
        judged_ = std::move(result);
        let_in(desk);
    }
    void let_in(Desk& desk) {
        letting_in_ = true;
        desk.order(Disarm{});
        desk.order(RevokeCredential{});
        desk.wait("the device to come back with a credential", desk.now() + comes_back_within(desk));
    }

    std::vector<Moment> first_;
    std::vector<Moment> second_;
    std::optional<Moment> last_;   // request
    std::uint64_t asked_on_ = 0;   // the connection
    std::optional<Moment> ended_;  // it did, after the request
    Moment began_{0};              // the newest connection
    Moment waits_for_{0};          // the pause that is waited for now
    bool second_round_ = false;
    bool letting_in_ = false;
    std::optional<Result> judged_;
};

// The power goes between the reply and the first login: what the device got may be lost.
class CutProvisioning final : public Act {
  public:
    void begin(Desk& desk) override {
        if (auto reason = cannot_provision(desk)) return desk.end(*std::move(reason));
        take_credential(desk);
        desk.wait("the device to provision", desk.now() + comes_back_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        if (!cut_) {
            if (!gets_credential(observation, desk)) return;
            cut_ = true;
            // A fast device must not be let in before the power is gone.
            desk.order(Arm{R"({"kind":"withhold","packet":"CONNACK"})"});
            desk.order(CallHook{"power_cycle"});
            return desk.wait("the power cycle", desk.now() + desk.parameters().patience);
        }
        if (!back_on_) return power_back(observation, desk);
        if (logs_in(observation))
            return desk.end(passed(revoked_ ? "After the power cut it asked again, and was back with a new credential."
                                            : "After the power cut it was back with the credential that it got."));
        if (asks_for_credential(observation) && !revoked_) {
            revoked_ = true;
            desk.order(RevokeCredential{});
            desk.wait("the device to ask once more", desk.now() + comes_back_within(desk));
        }
        if (std::holds_alternative<Accepted>(observation.seen) && loop_.add(desk.now()))
            desk.end(failed("After the power cut it connected " + std::to_string(loop_.count()) + " times within " +
                                seconds_text(loop_window) + ", in a tight loop.",
                            "Store the credential before it is used, and pause between attempts."));
    }
    void at(Desk& desk) override {
        if (!cut_) return desk.end(not_run("The device was not seen provisioning."));
        if (!back_on_) return desk.end(not_run("The power cycle was not answered."));
        Result result = revoked_ ? failed("Its credential was lost with the power, and revoked: it did not ask again.",
                                          "Go on asking for a credential, with a growing pause.")
                                 : passed("After the power cut it stopped: somebody has to set it up again.");
        result.may_stay_away = true;
        desk.end(std::move(result));
    }

  private:
    void power_back(const Observation& observation, Desk& desk) {
        if (!answers_hook(observation, "power_cycle")) return;
        back_on_ = true;
        desk.order(Disarm{});
        desk.wait("the device to come back", desk.now() + comes_back_within(desk));
    }

    bool cut_ = false;
    bool back_on_ = false;
    bool revoked_ = false;
    Loop loop_{loop_window, 9};
};

// Revoked while connected: its logins are refused, until it asks for a new credential where it does that.
class Revoked final : public Backoff {
  public:
    void begin(Desk& desk) override {
        if (desk.subject().auth_type == AuthType::certificate)
            return desk.end(not_run("Its certificate is its credential: revoked, it comes back with the same one."));
        Backoff::begin(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (!asked_ && !asks_for_credential(observation)) return Backoff::on(observation, desk);
        if (!asked_) {
            asked_ = true;
            desk.wait("the device to come back with a new credential", desk.now() + comes_back_within(desk));
        }
        if (logs_in(observation)) desk.end(passed("Revoked, it asked for a new credential and was back with it."));
    }
    void at(Desk& desk) override {
        if (asked_)
            return desk.end(
                failed("Revoked, it asked for a new credential and did not come back with it.", keep_the_credential));
        Backoff::at(desk);
    }

  protected:
    std::optional<Sequence> following(const Desk& desk) override {
        if (sequences().size() >= 2) return std::nullopt;
        if (sequences().size() == 1 && backs_off(sequences().front().pauses(), terms(desk))) return std::nullopt;
        const std::size_t attempts = sequences().empty() ? first_sequence_attempts : second_sequence_attempts;
        return Sequence(std::vector<Order>{RevokeCredential{}}, attempts, refused_within);
    }
    // With the credential that it had.
    void let_in(Desk& desk) const override { desk.order(TakeBack{}); }
    Result judge(const Desk& desk) const override {
        const auto& first = sequences().front().pauses();
        const std::span<const Moment> second =
            sequences().size() > 1 ? std::span<const Moment>(sequences()[1].pauses()) : std::span<const Moment>{};
        Result result = first.empty() ? passed("Revoked, it stopped.") : judge_backoff(first, second, terms(desk));
        if (!desk.parameters().reprovisions || result.outcome == Outcome::failed) return result;
        return failed("Revoked, it did not ask for a new credential.",
                      "Provision again after CONNACK 4; where it shall not, say so with reprovisions=false. [R63]");
    }

  private:
    bool asked_ = false;
};

}  // namespace

std::unique_ptr<Act> act_new_credential() {
    return std::make_unique<NewCredential>();
}
std::unique_ptr<Act> act_lost_reply() {
    return std::make_unique<LostReply>();
}
std::unique_ptr<Act> act_cut_provisioning() {
    return std::make_unique<CutProvisioning>();
}
std::unique_ptr<Act> act_revoked() {
    return std::make_unique<Revoked>();
}

}  // namespace verdict
