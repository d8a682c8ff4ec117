#include "server/verdict/checks/backoff_sequences.h"

#include "server/verdict/checks/act_tools.h"

#include <utility>

namespace verdict {

void Backoff::on(const Observation& observation, Desk& desk) {
    if (recovering_) return recover(observation, desk);
    sequences_.back().on(observation, desk);
    if (sequences_.back().over()) step(desk);
}

void Backoff::at(Desk& desk) {
    if (recovering_ && settling_) return next(desk);
    if (recovering_) return desk.end(not_well());
    sequences_.back().at();
    step(desk);
}

void Backoff::next(Desk& desk) {
    recovering_ = false;
    auto sequence = following(desk);
    if (!sequence) return desk.end(judge(desk));
    sequences_.push_back(*std::move(sequence));
    sequences_.back().begin(desk);
}

void Backoff::step(Desk& desk) {
    if (!following(desk)) return desk.end(judge(desk));
    let_in(desk);
    recovering_ = true;
    let_in_ = settling_ = false;
    desk.wait("the device to come back", desk.now() + comes_back_within(desk));
}

// A report is what many devices, for good reasons, begin their pauses anew with: CONNACK alone is not the end of what
// kept them out. The next sequence must not meet the pauses of the one before.
void Backoff::recover(const Observation& observation, Desk& desk) {
    if (settling_) return;
    if (logs_in(observation)) {
        let_in_ = true;
        desk.wait("the device to report again", desk.now() + reports_within(desk));
    }
    if (!let_in_ || (desk.habits().report_interval() && !reports(observation))) return;
    if (!is_acknowledged_report(observation)) return next(desk);
    settling_ = true;
    desk.wait("the device to read its PUBACK", desk.now() + reads_puback_within);
}

Sequence::Certain Backoff::passes(const Desk& desk) {
    return [terms = terms(desk)](std::span<const Moment> pauses) { return passes_after(pauses, terms); };
}

Sequence::Certain Backoff::tells_chance(const Desk& desk) const {
    const Sequence& first = sequences_.front();
    const Moment longest = terms(desk).longest;
    if (!backs_off(first.pauses(), terms(desk))) return [longest](std::span<const Moment>) { return longest; };
    const auto whole = first.whole_pauses();
    return
        [terms = terms(desk), whole = std::vector<Moment>(whole.begin(), whole.end())](std::span<const Moment> pauses) {
            const bool told = with_jitter(whole, pauses, terms) || (!pauses.empty() && pauses.size() >= whole.size());
            return told ? Moment{0} : terms.longest;
        };
}

Result Backoff::not_well() const {
    constexpr const char* hint = "Go on trying after every refusal, with a growing pause.";
    return let_in_ ? failed("Let in again, it came back and reported nothing any more.", hint)
                   : failed("It did not come back when it was let in again.", hint);
}

}  // namespace verdict
