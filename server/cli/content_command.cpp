#include "server/cli/content_command.h"

#include "server/cli/part_file.h"
#include "server/cli/places.h"
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
    OptionSpec{"--connector", "C",
               "the connector (default: all for ls, the server's default one for put, else the one that has the item)"},
    OptionSpec{"--type", "MIME", "put: the media type (default: application/octet-stream)"},
};

std::string item(std::string_view connector, std::string_view name, std::string_view rest = {}) {
    return service_path(connector, "/content/item/" + percent_encode(name).append(rest));
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
    JsonNode all = JsonNode::array();
    for (const auto& connector : connectors_to_list(run.api)) {
        auto items = run.api.get_json(service_path(connector, "/content/item?full=true")).items;
        for (auto& one : items) {
            one.put("connector", JsonNode::of(connector));
            all.items.push_back(std::move(one));
        }
    }
    if (run.options.json) {
        run.out << config::to_json_text(all) << "\n";
        return;
    }
    TextTable table(with_connector(run, {"NAME", "TYPE", "SIZE", "MODIFIED"}, "CONNECTOR"));
    for (const auto& one : all.items) {
        table.add(with_connector(run,
                                 {text_of(one, "id"), text_of(one, "type"), length_text(text_of(one, "length")),
                                  text_of(one, "last_modified")},
                                 text_of(one, "connector")));
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
    require_readable(arguments[1]);
    const auto length = fs::file_size(arguments[1]);
    std::ifstream file(arguments[1], std::ios::binary);
    const auto type = run.options.has("--type") ? run.options.value("--type") : "application/octet-stream";
    const auto connector = connector_for_item(run.api);
    const auto link = run.api.get_json(item(connector, name, "/upload?type=" + percent_encode(type)));
    const std::string boundary = "murano-emulator-content-0f6b1e7a9c3d";
    ProgressBar bar(run.err, name, on_terminal() && !run.options.json);
    bar.begin(length);
    check(http_upload(
        run.api.server(), {"POST", target_of(text_of(link, "url")), "", "multipart/form-data; boundary=" + boundary},
        form_around(link, boundary, "application/octet-stream", file, length),
        [&bar](std::uint64_t sent) { bar.at(sent); }, ApiClient::usual_patience));
    if (run.options.json) {
        run.out << run.api.get(item(connector, name)) << "\n";
    } else {
        run.out << "put " << printable(name) << ", " << size_text(length) << of_connector(run.api, connector) << "\n";
    }
}

std::uint64_t receive(const Run& run, const std::string& connector, const std::string& name, std::ostream& into) {
    const auto link = run.api.get_json(item(connector, name, "/download"));
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
        receive(run, connector_of_item(run.api, arguments[0]), arguments[0], run.out);
        return;
    }
    PartFile file(arguments[1], PartFile::Access::usual);
    const auto connector = connector_of_item(run.api, arguments[0]);
    const auto length = receive(run, connector, arguments[0], file.stream());
    file.keep();
    if (run.options.json) {
        run.out << run.api.get(item(connector, arguments[0])) << "\n";
    } else {
        run.out << "got " << printable(arguments[0]) << ", " << size_text(length) << of_connector(run.api, connector)
                << "\n";
    }
}

void remove(const Run& run, Arguments arguments) {
    const auto connector = connector_of_item(run.api, arguments[0]);
    run.api.send("DELETE", item(connector, arguments[0]));
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"removed", JsonNode::of(arguments[0])}})) << "\n";
    } else {
        run.out << "removed " << printable(arguments[0]) << of_connector(run.api, connector) << "\n";
    }
}

constexpr std::array forms{
    Form{"ls", "", 0, 0, "the items of the connectors and their devices' uploads", list},
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
