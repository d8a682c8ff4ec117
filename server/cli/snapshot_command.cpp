#include "server/cli/snapshot_command.h"

#include "server/cli/part_file.h"
#include "server/cli/text_table.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ostream>

namespace fs = std::filesystem;

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

// Files of content may be large.
constexpr std::chrono::minutes patience{10};

std::string target(const std::string& name, std::string_view rest = {}) {
    return "/_emulator/v1/snapshots/" + percent_encode(name) + std::string(rest);
}

void say(const Run& run, std::string_view done, const std::string& name) {
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{std::string(done), JsonNode::of(std::string_view(name))}}))
                << "\n";
    } else {
        run.out << done << " " << printable(name) << "\n";
    }
}

void save(const Run& run, Arguments arguments) {
    check(http_call(run.api.server(), {"POST", target(arguments[0])}, patience));
    say(run, "saved", arguments[0]);
}

void load(const Run& run, Arguments arguments) {
    check(http_call(run.api.server(), {"POST", target(arguments[0], "/load")}, patience));
    say(run, "loaded", arguments[0]);
}

std::string size_of(const JsonNode& row) {
    const auto text = text_of(row, "bytes");
    std::uint64_t bytes = 0;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    return size_text(bytes);
}

void list(const Run& run, Arguments) {
    const auto answer = run.api.get_json("/_emulator/v1/snapshots");
    if (run.options.json) {
        run.out << config::to_json_text(answer) << "\n";
        return;
    }
    TextTable table({"NAME", "SIZE", "SAVED", "VERSION"});
    if (const auto* rows = answer.find("snapshots")) {
        for (const auto& row : rows->items) {
            table.add(
                {text_of(row, "name"), size_of(row), time_text(text_of(row, "saved_us")), text_of(row, "version")});
        }
    }
    table.print(run.out);
}

void remove(const Run& run, Arguments arguments) {
    run.api.send("DELETE", target(arguments[0]));
    say(run, "removed", arguments[0]);
}

void export_to(const Run& run, Arguments arguments) {
    PartFile file(arguments[1], PartFile::Access::secret);
    const auto piece = [&file](std::string_view bytes) {
        file.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!file.stream()) throw CommandFailed("the bytes cannot be written: is the disk full?");
    };
    check(http_download(run.api.server(), target(arguments[0], "/file"), {[](std::uint64_t) {}, piece}, patience));
    file.keep();
    say(run, "exported", arguments[0]);
}

void import_from(const Run& run, Arguments arguments) {
    require_readable(arguments[1]);
    const auto length = fs::file_size(arguments[1]);
    std::ifstream file(arguments[1], std::ios::binary);
    check(http_upload(
        run.api.server(), {"PUT", target(arguments[0], "/file"), "", "application/vnd.sqlite3"}, {"", file, length, ""},
        [](std::uint64_t) {}, patience));
    say(run, "imported", arguments[0]);
}

constexpr std::array forms{
    Form{"save", "NAME", 1, 1, "a copy of everything that is kept; replaces one of that name", save},
    Form{"load", "NAME", 1, 1,
         "restores it: values, journal and clock offset; closes all connections without sending Wills", load},
    Form{"ls", "", 0, 0, "the snapshots of the server", list},
    Form{"rm", "NAME", 1, 1, "removes a snapshot", remove},
    Form{"export", "NAME FILE", 2, 2, "as a file, for another server's import or serve --snapshot", export_to},
    Form{"import", "NAME FILE", 2, 2, "imports an exported file under a name", import_from},
};

constexpr ClientCommand command{
    "snapshot",
    forms,
    {},
    "A name has letters, digits, dots, underscores and hyphens. A file holds the devices' credentials: keep it as\n"
    "secret as them.\n"};

}  // namespace

const ClientCommand& snapshot_command() {
    return command;
}

}  // namespace cli
