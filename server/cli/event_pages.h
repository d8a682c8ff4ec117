#pragma once
// Reads the journal page by page, and writes the output of `events`.

#include "server/cli/client_command.h"
#include "server/cli/part_file.h"

#include <fstream>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cli {

// "/_emulator/v1/events?" with the parameters of the given options, each followed by "&".
std::string events_query(const Run& run, std::initializer_list<std::string_view> options);

// Calls `show` with the events of each page ({events, next, dropped}) from --since on; with --follow it waits for more
// while `show` returns true. Blocks.
using ShowPage = std::function<bool(std::span<const config::JsonNode> events, const config::JsonNode& page)>;
void each_page(const Run& run, const std::string& query, const ShowPage& show);

// --output FILE, else standard output. The file appears under its name when it is complete; with --follow at once,
// because it has no end.
class EventOutput {
  public:
    explicit EventOutput(const Run& run);  // throws CommandFailed

    std::ostream& stream() { return *stream_; }
    // Flushes the output. False: it accepts no more.
    bool flush();
    void keep();  // throws CommandFailed if something was not written

  private:
    std::string name_;  // empty: standard output
    std::unique_ptr<PartFile> complete_;
    std::ofstream growing_;
    std::ostream* stream_;
};

}  // namespace cli
