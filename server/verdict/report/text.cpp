#include "server/verdict/report/escape.h"
#include "server/verdict/report/report.h"

namespace verdict {

namespace {

const char* word(Outcome outcome) {
    switch (outcome) {
        case Outcome::not_run:
            return "NOT RUN";
        case Outcome::passed:
            return "PASSED ";
        case Outcome::warned:
            return "WARNED ";
        case Outcome::failed:
            break;
    }
    return "FAILED ";
}

}  // namespace

std::string text_report(const Run& run, const ReportHead& head) {
    std::string text = one_line(headline(run)) + "\n\n";
    for (const CheckView& check : run.checks()) {
        text += std::string(word(check.result.outcome)) + "  " + std::string(check.row->id) + "  " +
                std::string(check.row->title) + "\n";
        if (check.result.outcome == Outcome::passed) continue;
        text += "         " + one_line(check.result.message) + "\n";
        if (!check.result.hint.empty()) text += "         What to do: " + one_line(check.result.hint) + "\n";
    }
    return text + "\n" + counts_text(run) + ". Suite " + one_line(head.suite) + ", run " + one_line(head.run) + ".\n";
}

}  // namespace verdict
