// POST /api:1/service/{connector}/device2/identities: a list of devices as CSV in a form. [murano-facts 3.2]
#include "server/api/csv.h"
#include "server/api/handlers.h"
#include "server/net/http_multipart.h"

#include <charconv>

namespace api {

namespace {

constexpr std::uint64_t most_bytes = 64 * 1024 * 1024;  // tens of thousands of certificates

device::ControlError bad_csv() {
    return {400, "bad_csv", "CSV file format invalid", {}};
}

struct Form {
    std::optional<std::string> csv, expire;
};

std::variant<Form, device::ControlError> read_form(const Request& request) {
    net::MultipartReader reader(*net::multipart_boundary(request.head->field("Content-Type")));
    reader.feed(request.body);
    Form form;
    std::optional<std::string>* file = nullptr;
    while (auto event = reader.next()) {
        if (auto* error = std::get_if<net::MultipartError>(&*event)) return bad_request(std::move(error->message));
        if (auto* field = std::get_if<net::PartField>(&*event)) {
            if (field->name == "expire") form.expire = std::move(field->value);
            if (field->name == "identities") form.csv = std::move(field->value);
        } else if (auto* begin = std::get_if<net::PartFileBegin>(&*event)) {
            file = begin->name == "identities" ? &form.csv : nullptr;
            if (file != nullptr) file->emplace();
        } else if (auto* piece = std::get_if<net::PartFileBytes>(&*event); piece != nullptr && file != nullptr) {
            **file += piece->bytes;
        }
    }
    if (!reader.ended()) return bad_request("the form is not complete");
    if (!form.csv) return bad_request("the form has no field \"identities\" with the CSV file");
    return form;
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

std::vector<device::NamedChange> changes_of(const std::vector<CsvLine>& lines, std::optional<std::int64_t> expire_us) {
    std::vector<device::NamedChange> changes;
    for (std::size_t index = 1; index < lines.size(); ++index) {
        const auto& fields = lines[index].fields;
        device::IdentityChange change;
        change.auth_expire_us = expire_us;
        if (fields.size() == 2 && !fields[1].empty()) {
            change.auth_type = "certificate";
            change.auth_key = fields[1];
        }
        changes.push_back({fields[0], std::move(change)});
    }
    return changes;
}

// "$[n]…" of an error as the line of the file.
device::ControlError with_line(device::ControlError error, const std::vector<CsvLine>& lines) {
    std::size_t index = 0;
    const auto* begin = error.path.data() + 2;
    if (!error.path.starts_with("$[")) return error;
    if (std::from_chars(begin, error.path.data() + error.path.size(), index).ec != std::errc{}) return error;
    error.path = "line " + std::to_string(lines[index + 1].number);
    return error;
}

Outcome upload(Services& services, const Request& request) {
    const auto read = read_form(request);
    if (const auto* error = std::get_if<device::ControlError>(&read)) return *error;
    const auto& form = std::get<Form>(read);
    std::optional<std::int64_t> expire_us;
    if (form.expire && !form.expire->empty()) {
        expire_us = read_expire(*form.expire);
        if (!expire_us) return bad_request("must be a time in µs since 1970", "expire");
    }
    const auto lines = parse_csv(*form.csv);
    if (!lines || lines->empty() || !is_header(lines->front())) return bad_csv();
    for (const auto& line : *lines) {
        if (line.fields.size() > 2) return bad_csv();
    }
    auto failure = services.control.change_identities(request.param("connector"), changes_of(*lines, expire_us),
                                                      device::Unknown::make);
    if (failure) return with_line(std::move(*failure), *lines);
    return empty_response();
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
