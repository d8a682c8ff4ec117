#include "server/verdict/report/escape.h"
#include "server/verdict/report/report.h"

namespace verdict {

std::string markdown_report(const Run& run, const ReportHead& head) {
    std::string text = "# Verdict\n\n" + markdown(headline(run)) + " " + counts_text(run) + ".\n\n";
    text += "| check | outcome | what the device did | what to do |\n| --- | --- | --- | --- |\n";
    for (const CheckView& check : run.checks())
        text += "| " + std::string(check.row->id) + " " + markdown(check.row->title) + " | " +
                markdown(outcome_name(check.result.outcome)) + " | " + markdown(check.result.message) + " | " +
                markdown(check.result.hint) + " |\n";
    return text + "\nSuite " + markdown(head.suite) + ", run " + markdown(head.run) + ", murano-emulator " +
           markdown(head.server_version) + " (" + markdown(head.server_commit) + ").\n";
}

}  // namespace verdict
