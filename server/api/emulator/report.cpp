// GET /_emulator/v1/report: the findings, folded, for a person, a pull request or a build server.
#include "server/api/base/handlers.h"
#include "server/api/base/journal_walk.h"
#include "server/api/emulator/known_connector.h"
#include "server/report/report_writer.h"

#include <array>
#include <memory>

namespace api {

namespace {

constexpr std::size_t entries_at_once = 100;
constexpr std::array<std::string_view, 8> known_parameters{"connector", "identity", "rule", "code",
                                                           "since",     "format",   "all",  "fail_on"};

struct ReportQuery {
    journal::Filter filter;
    std::int64_t since = 0;  // cursor
    report::Folding folding = report::Folding::one_for_each_mistake;
    report::Options options;
};

using ReadQuery = std::variant<ReportQuery, Error>;

std::optional<Error> check_names(const Request& request) {
    for (const net::HttpPair& pair : request.head->query) {
        const bool known =
            std::find(known_parameters.begin(), known_parameters.end(), pair.name) != known_parameters.end();
        if (!known) return bad_request("there is no such parameter", '?' + pair.name);
    }
    return std::nullopt;
}

ReadQuery read_query(const Request& request) {
    if (auto error = check_names(request)) return std::move(*error);
    ReportQuery query;
    query.filter.add_type(journal::EventType::finding);
    query.filter.connector = query.options.connector = request.query("connector");
    query.filter.identity = request.query("identity");
    query.filter.rule = request.query("rule");
    const auto code = journal::apply_parameter(query.filter, "code", request.query("code"));
    if (const auto* error = std::get_if<journal::FilterError>(&code)) return bad_request(error->message, "?code");
    const auto since = query_integer(request, "since", 0, 0, INT64_MAX);
    if (const auto* error = std::get_if<Error>(&since)) return *error;
    query.since = std::get<std::int64_t>(since);
    const auto format = request.query("format");
    const auto known = report::parse_format(format.empty() ? "json" : format);
    if (!known) return bad_request("it is " + std::string(report::format_names), "?format");
    query.options.format = *known;
    const auto all = request.query("all");
    if (!all.empty() && all != "true" && all != "false") return bad_request("it is true or false", "?all");
    if (all == "true") query.folding = report::Folding::none;
    const auto fail_on = request.query("fail_on");
    if (!fail_on.empty() && fail_on != "violation" && fail_on != "warning") {
        return bad_request("it is violation or warning", "?fail_on");
    }
    query.options.warnings_fail = fail_on == "warning";
    return query;
}

// Going through the journal, then the answer's text, both in slices.
class ReportWork {
  public:
    ReportWork(device::JournalPort& journal, ReportQuery query, const ApiOptions& options)
        : journal_(journal),
          query_(std::move(query)),
          cursor_(query_.since),
          until_(journal.newest_cursor()),
          findings_(query_.folding, options.max_event_page_bytes, options.max_shown_payload_bytes) {}

    net::Polled go_on() {
        if (!writer_) {
            search();
            return net::NotYet::goes_on;
        }
        write();
        if (written_ < findings_.entries().size()) return net::NotYet::goes_on;
        return text_response(std::move(body_) + writer_->foot(), 200, report::media_type(query_.options.format));
    }

    std::size_t held_bytes() const { return findings_.bytes() + body_.size(); }

  private:
    // What comes while it runs is not waited for: a device may err faster than one can look.
    void search() {
        const Walk walk =
            walk_slice(journal_, query_.filter, cursor_, Visit::light, [this](const journal::Recorded& recorded) {
                if (recorded.cursor <= until_) findings_.add(recorded);
                return true;
            });
        if (walk == Walk::goes_on && cursor_ < until_) return;
        writer_.emplace(query_.options, findings_.counts());
        body_ = writer_->head();
    }

    void write() {
        const auto& entries = findings_.entries();
        for (std::size_t i = 0; i < entries_at_once && written_ < entries.size(); ++i) {
            body_ += writer_->entry(report::entry_json(entries[written_++]));
        }
    }

    device::JournalPort& journal_;
    ReportQuery query_;
    std::int64_t cursor_;
    std::int64_t until_;
    report::Findings findings_;
    std::optional<report::Writer> writer_;  // when everything was looked at
    std::size_t written_ = 0;
    std::string body_;
};

Outcome report_of(Services& services, const Request& request) {
    auto read = read_query(request);
    if (auto* error = std::get_if<Error>(&read)) return std::move(*error);
    auto& query = std::get<ReportQuery>(read);
    if (auto error = unknown_connector(services.connectors, query.filter.connector, "?connector"))
        return std::move(*error);
    auto work = std::make_shared<ReportWork>(services.journal, std::move(query), services.options);
    return net::LongPoll{[work](bool) { return work->go_on(); }, 0, [work] { return work->held_bytes(); }};
}

}  // namespace

void add_report_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/report", Family::emulator,
              "The findings as a report: one entry for each mistake of a device, with its count and an example"};
    get.query = {{"connector", "string", "default: all, and findings that belong to none"},
                 {"identity", "string", ""},
                 {"rule", "string", "such as R28, or a code"},
                 {"code", "string", "such as R40.comma_for_point; docs/findings.md has all"},
                 {"since", "integer", "cursor: only what came after it"},
                 {"format", "string", "json (the default), junit, markdown, text"},
                 {"all", "boolean", "true: an entry for each finding"},
                 {"fail_on", "string", "warning: in JUnit's form warnings are failures, as violations always are"}};
    get.answers = {{200,
                    "The report; count is an entry's number of findings, and the numbers after the findings count "
                    "entries. left_out findings have no entry: limits.max_event_page_bytes limits the report",
                    "application/json"},
                   {400, "a bad parameter", "application/json"},
                   {404, "there is no such connector; the nearest one is named", "application/json"}};
    get.handler = [&services](const Request& request) { return report_of(services, request); };
    routes.push_back(std::move(get));
}

}  // namespace api
