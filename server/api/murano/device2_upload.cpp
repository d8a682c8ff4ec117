// POST /api:1/service/{connector}/device2/identities: a list of devices as CSV in a form. [murano-facts 3.2]
#include "server/api/base/handlers.h"
#include "server/api/murano/csv.h"
#include "server/http/multipart.h"

#include <algorithm>
#include <charconv>
#include <memory>

namespace api {

namespace {

constexpr std::uint64_t most_bytes = 64 * 1024 * 1024;  // tens of thousands of certificates
// About a millisecond each.
constexpr std::size_t bytes_at_once = 256 * 1024;
constexpr int lines_at_once = 2000;

Error bad_csv() {
    return {400, "bad_csv", "CSV file format invalid", {}};
}

std::optional<std::int64_t> read_expire(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value > 0 ? std::optional(value) : std::nullopt;
}

// The first line of the file says what is in it.
bool is_header(const CsvLine& line) {
    const auto& fields = line.fields;
    if (fields.empty() || fields.size() > 2 || net::lower_case(fields[0]) != "id") return false;
    const auto second = fields.size() == 2 ? net::lower_case(fields[1]) : std::string();
    return fields.size() == 1 || second == "ssl client certificate" || second == "certificate";
}

// One upload, in slices: the form, the lines of its file, the identities.
class Upload {
  public:
    Upload(Services& services, const Request& request)
        : services_(services),
          connector_(request.param("connector")),
          body_(request.body),
          unread_(body_),
          form_(*net::multipart_boundary(request.head->field("Content-Type"))) {}

    net::Polled go_on() {
        Step step = import_ ? import_some() : lines_ ? read_lines() : read_form();
        if (step.failure) return error_response(Family::murano, *step.failure);
        if (!step.done) return net::NotYet::goes_on;
        return empty_response();
    }

    std::size_t held_bytes() const { return body_.size() + csv_.size() + list_bytes_; }

  private:
    struct Step {
        std::optional<Error> failure;
        bool done = false;
    };

    Step read_form() {
        form_.feed(unread_.substr(0, bytes_at_once));
        unread_.remove_prefix(std::min(bytes_at_once, unread_.size()));
        while (auto event = form_.next()) {
            if (auto* error = std::get_if<net::MultipartError>(&*event)) {
                return {bad_request(std::move(error->message))};
            }
            take(*event);
        }
        if (!form_.ended() && !unread_.empty()) return {};
        return {end_form()};
    }

    void take(net::MultipartEvent& event) {
        if (auto* field = std::get_if<net::PartField>(&event)) {
            if (field->name == "expire") expire_ = std::move(field->value);
            if (field->name == "identities") begin_csv().append(field->value);
        } else if (auto* begin = std::get_if<net::PartFileBegin>(&event)) {
            in_csv_ = begin->name == "identities";
            if (in_csv_) begin_csv();
        } else if (auto* piece = std::get_if<net::PartFileBytes>(&event); piece != nullptr && in_csv_) {
            csv_ += piece->bytes;
        }
    }

    std::string& begin_csv() {
        has_csv_ = true;
        csv_.clear();
        return csv_;
    }

    std::optional<Error> end_form() {
        if (!form_.ended()) return bad_request("the form is not complete");
        if (!has_csv_) return bad_request("the form has no field \"identities\" with the CSV file");
        if (!expire_.empty()) {
            expire_us_ = read_expire(expire_);
            if (!expire_us_) return bad_request("must be a time in µs since 1970", "expire");
        }
        lines_.emplace(csv_);
        const auto first = lines_->next();
        if (!first || !is_header(*first)) return bad_csv();
        return std::nullopt;
    }

    Step read_lines() {
        for (int count = 0; count < lines_at_once; ++count) {
            auto line = lines_->next();
            if (lines_->failed() || (line && line->fields.size() > 2)) return {bad_csv()};
            if (!line) {
                import_ = services_.identities.change_identities(connector_, std::move(list_), device::Unknown::make);
                break;
            }
            add(std::move(*line));
        }
        return {};
    }

    void add(CsvLine&& line) {
        device::IdentityChange change;
        change.auth_expire_us = expire_us_;
        if (line.fields.size() == 2 && !line.fields[1].empty()) {
            list_bytes_ += line.fields[1].size();
            change.auth_type = "certificate";
            change.auth_key = std::move(line.fields[1]);
        }
        list_bytes_ += sizeof(device::NamedChange) + line.fields[0].size();
        list_.push_back({std::move(line.fields[0]), std::move(change)});
        numbers_.push_back(line.number);
    }

    Step import_some() {
        auto result = import_->go_on();
        if (!result) return {};
        if (*result) return {with_line(std::move(**result))};
        return {std::nullopt, true};
    }

    // "$[n]…" of an error as the line of the file.
    Error with_line(Error error) const {
        std::size_t index = 0;
        const auto* begin = error.path.data() + 2;
        if (!error.path.starts_with("$[")) return error;
        if (std::from_chars(begin, error.path.data() + error.path.size(), index).ec != std::errc{}) return error;
        error.path = "line " + std::to_string(numbers_[index]);
        return error;
    }

    Services& services_;
    std::string connector_;
    std::string body_;  // its own: the request may go before the answer
    std::string_view unread_;
    net::MultipartReader form_;
    std::string csv_, expire_;
    bool in_csv_ = false, has_csv_ = false;
    std::optional<std::int64_t> expire_us_;
    std::optional<CsvReader> lines_;  // when the form is read
    std::vector<device::NamedChange> list_;
    std::vector<std::size_t> numbers_;  // the line of each of the list
    std::size_t list_bytes_ = 0;
    device::SlicedWork<device::Failure> import_;  // when the lines are read
};

Outcome upload(Services& services, const Request& request) {
    const auto work = std::make_shared<Upload>(services, request);
    return net::LongPoll{[work](bool) { return work->go_on(); }, 0, [work] { return work->held_bytes(); }};
}

}  // namespace

void add_device2_upload_route(Routes& routes, Services& services) {
    Route post{"POST", "/api:1/service/{connector}/device2/identities", Family::murano,
               "Makes devices from a CSV file, all of them or none"};
    post.body = BodyKind::form_data;
    post.body_schema =
        R"({"type":"object","required":["identities"],"properties":{"identities":{"type":"string","format":"binary","description":"CSV: a line \"ID\" or \"ID,Certificate\", then a line for each device, the certificate in PEM and quotes"},"expire":{"type":"integer","description":"end of the activation window, µs since 1970"}}})";
    post.body_limit = most_bytes;
    post.answers = {{204, "done", ""},
                    {400, "CSV file format invalid, or a bad identity", "text/plain"},
                    {409, "a token of another device", "application/json"},
                    {507, "more than limits.max_identities allows", "application/json"}};
    post.handler = [&services](const Request& request) { return upload(services, request); };
    routes.push_back(std::move(post));
}

}  // namespace api
