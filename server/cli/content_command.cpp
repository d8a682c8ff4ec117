#include "server/cli/content_command.h"

#include "server/cli/part_file.h"
#include "server/cli/progress_bar.h"
#include "server/cli/text_table.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <ostream>

#include <unistd.h>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;
namespace fs = std::filesystem;

constexpr std::array options{
    connector_option,
    OptionSpec{"--type", "MIME", "put: the media type (default: application/octet-stream)"},
};

std::string item(ApiClient& api, std::string_view name, std::string_view rest = {}) {
    return api.service("/content/item/" + percent_encode(name) + std::string(rest));
}

// Links name the host that devices use; the way to the server is known already.
std::string target_of(const std::string& url) {
    const auto at = url.find("/content/");
    if (at == std::string::npos) throw CommandFailed("the server's link leads elsewhere: " + url);
    return url.substr(at);
}

std::string length_text(const std::string& length) {
    std::uint64_t bytes = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
    return error == std::errc{} && end == length.data() + length.size() ? size_text(bytes) : length;
}

void list(const Run& run, Arguments) {
    const auto body = run.api.get(run.api.service("/content/item?full=true"));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    TextTable table({"NAME", "TYPE", "SIZE", "MODIFIED"});
    for (const auto& one : parse_answer(body).items) {
        table.add({text_of(one, "id"), text_of(one, "type"), length_text(text_of(one, "length")),
                   text_of(one, "last_modified")});
    }
    table.print(run.out);
}

// The form around the file, as the server's link asks for it.
UploadBody form_around(const JsonNode& link, const std::string& boundary, const std::string& type, std::istream& bytes,
                       std::uint64_t length) {
    std::string before;
    if (const auto* inputs = link.find("inputs")) {
        for (const auto& input : inputs->members) {
            before += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + input.key + "\"\r\n\r\n" +
                      input.value.text + "\r\n";
        }
    }
    before += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + text_of(link, "field") +
              "\"; filename=\"file\"\r\nContent-Type: " + type + "\r\n\r\n";
    return {before, bytes, length, "\r\n--" + boundary + "--\r\n"};
}

void put(const Run& run, Arguments arguments) {
    const auto& name = arguments[0];
    std::error_code error;
    const auto length = fs::file_size(arguments[1], error);
    std::ifstream file(arguments[1], std::ios::binary);
    if (error || !file) throw CommandFailed("cannot read " + arguments[1]);
    const auto type = run.options.has("--type") ? run.options.value("--type") : "application/octet-stream";
    const auto link = run.api.get_json(item(run.api, name, "/upload?type=" + percent_encode(type)));
    const std::string boundary = "murano-emulator-content-0f6b1e7a9c3d";
    ProgressBar bar(run.err, name, on_terminal() && !run.options.json);
    bar.begin(length);
    check(http_upload(
        run.api.server(), {"POST", target_of(text_of(link, "url")), "", "multipart/form-data; boundary=" + boundary},
        form_around(link, boundary, "application/octet-stream", file, length),
        [&bar](std::uint64_t sent) { bar.at(sent); }, ApiClient::usual_patience));
    if (run.options.json) {
        run.out << run.api.get(item(run.api, name)) << "\n";
    } else {
        run.out << "put " << printable(name) << ", " << size_text(length) << "\n";
    }
}

std::uint64_t receive(const Run& run, const std::string& name, std::ostream& into) {
    const auto link = run.api.get_json(item(run.api, name, "/download"));
    ProgressBar bar(run.err, name, on_terminal() && !run.options.json);
    std::uint64_t done = 0;
    const auto piece = [&](std::string_view bytes) {
        into.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!into) throw CommandFailed("the bytes cannot be written: is the disk full?");
        done += bytes.size();
        bar.at(done);
    };
    const auto answer =
        http_download(run.api.server(), target_of(text_of(link, "url")),
                      {[&bar](std::uint64_t length) { bar.begin(length); }, piece}, ApiClient::usual_patience);
    if (answer.status == 404) throw CommandFailed("there is no content item \"" + name + "\"");
    check(answer);
    return done;
}

void get(const Run& run, Arguments arguments) {
    if (arguments[1] == "-") {
        receive(run, arguments[0], run.out);
        return;
    }
    PartFile file(arguments[1], PartFile::Access::usual);
    const auto length = receive(run, arguments[0], file.stream());
    file.keep();
    if (run.options.json) {
        run.out << run.api.get(item(run.api, arguments[0])) << "\n";
    } else {
        run.out << "got " << printable(arguments[0]) << ", " << size_text(length) << "\n";
    }
}

void remove(const Run& run, Arguments arguments) {
    run.api.send("DELETE", item(run.api, arguments[0]));
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"removed", JsonNode::of(arguments[0])}})) << "\n";
    } else {
        run.out << "removed " << printable(arguments[0]) << "\n";
    }
}

constexpr std::array forms{
    Form{"ls", "", 0, 0, "the items of the connector and its devices' uploads", list},
    Form{"put", "NAME FILE", 2, 2, "uploads a file, replacing an item of that name", put},
    Form{"get", "NAME FILE", 2, 2, "downloads an item; - is the standard output", get},
    Form{"rm", "NAME", 1, 1, "removes an item", remove},
};

constexpr ClientCommand command{"content", forms, options};

}  // namespace

const ClientCommand& content_command() {
    return command;
}

}  // namespace cli
