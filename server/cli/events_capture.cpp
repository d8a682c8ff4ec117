#include "server/cli/events_capture.h"

#include "server/cli/event_pages.h"
#include "server/pcap/capture.h"
#include "server/text/hex.h"

#include <charconv>
#include <deque>
#include <map>
#include <optional>
#include <ostream>

#include <unistd.h>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::string_view head_comment =
    "The packets are those of the emulator's journal, in which secrets are masked. IP and TCP around them are made: "
    "nothing is encrypted, the server's port is 1883, the device's port is any.";
constexpr std::size_t piece_bytes = 1024 * 1024;

// A device is known from its login on. With --identity a connection's CONNECT waits here until somebody has logged in.
class Logins {
  public:
    explicit Logins(std::string wanted) : wanted_(std::move(wanted)) {}

    // Whether the event is one of those that are wanted.
    bool wants(const JsonNode& event) const { return wanted_.empty() || text_of(event, "identity") == wanted_; }
    void hold(const JsonNode& event) {
        const auto id = text_of(event, "connection_id");
        if (!text_of(event, "identity").empty() || text_of(event, "type") != "packet") return drop(id);
        if (!held_.emplace(id, event).second) return;
        order_.push_back(id);
        if (order_.size() <= most_held) return;
        held_.erase(order_.front());
        order_.pop_front();
    }
    // What waited for the login of this event's connection.
    std::optional<JsonNode> take(const JsonNode& event) {
        if (held_.empty()) return std::nullopt;
        const auto found = held_.find(text_of(event, "connection_id"));
        if (found == held_.end()) return std::nullopt;
        auto held = std::move(found->second);
        std::erase(order_, found->first);
        held_.erase(found);
        return held;
    }

  private:
    static constexpr std::size_t most_held = 1'000;

    void drop(const std::string& id) {
        if (held_.erase(id) > 0) std::erase(order_, id);
    }

    std::string wanted_;
    std::map<std::string, JsonNode, std::less<>> held_;
    std::deque<std::string> order_;
};

std::int64_t number_of(const JsonNode& event, std::string_view key) {
    const auto text = text_of(event, key);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string bytes_of_hex(std::string_view digits) {
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        bytes += static_cast<char>(text::hex_digit(digits[at]) << 4 | text::hex_digit(digits[at + 1]));
    }
    return bytes;
}

// An event shows the beginning of a long packet. What the journal has dropped meanwhile stays the beginning.
std::string bytes_of(const Run& run, const JsonNode& event, const JsonNode& payload) {
    if (event.find("truncated") != nullptr) {
        try {
            return run.api.get("/_emulator/v1/events/" + text_of(event, "cursor") + "/payload");
        } catch (const Refused& refused) {
            if (refused.status() != 404) throw;
        }
    }
    return bytes_of_hex(text_of(payload, "raw"));
}

std::string about(const JsonNode& event) {
    auto text = "connection " + text_of(event, "connection_id") + ", connector " + text_of(event, "connector");
    const auto identity = text_of(event, "identity");
    return identity.empty() ? text : text + ", identity " + identity;
}

class Writer {
  public:
    Writer(const Run& run, EventOutput& output) : run_(run), output_(output) {
        bytes_ = pcap::file_head("murano-emulator", "journal", head_comment);
    }

    void event(const JsonNode& event) {
        const auto type = text_of(event, "type");
        if (type == "packet") packet(event);
        if (type == "disconnect") disconnect(event);
        if (bytes_.size() >= piece_bytes) write();
    }
    void write() {
        output_.stream().write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
        bytes_.clear();
    }
    const pcap::Counts& counts() const { return capture_.counts(); }

  private:
    void packet(const JsonNode& event) {
        const auto* payload = event.find("payload");
        if (payload == nullptr) return;
        const auto bytes = bytes_of(run_, event, *payload);
        const auto length =
            std::max<std::uint64_t>(bytes.size(), static_cast<std::uint64_t>(number_of(event, "length")));
        const bool out = text_of(*payload, "direction") == "out";
        capture_.packet(bytes_, {.connection = text_of(event, "connection_id"),
                                 .ip = text_of(event, "ip"),
                                 .about = about(event),
                                 .direction = out ? pcap::Direction::outbound : pcap::Direction::inbound,
                                 .time_us = number_of(event, "timestamp"),
                                 .bytes = bytes,
                                 .length = length});
    }
    void disconnect(const JsonNode& event) {
        const auto closed_by = text_of(event, "closed_by");
        const auto reason = text_of(event, "reason");
        capture_.end(bytes_, {text_of(event, "connection_id"), number_of(event, "timestamp"), closed_by, reason});
    }

    const Run& run_;
    EventOutput& output_;
    pcap::Capture capture_;
    std::string bytes_;  // of the file, not written yet
};

void check_usage(const Run& run) {
    if (run.options.json) throw UsageError("--json and --format pcapng exclude each other");
    for (const auto* option : {"--type", "--alias", "--rule"}) {
        if (run.options.has(option))
            throw UsageError("--format pcapng writes packets only: leave out " + std::string(option));
    }
    if (!run.options.has("--output") && ::isatty(STDOUT_FILENO) == 1) {
        throw UsageError(
            "a capture cannot be shown on a terminal: give --output FILE, or pipe it: | wireshark -k -i -");
    }
}

void summarize(const Run& run, const pcap::Counts& counts, std::int64_t dropped) {
    run.err << counts.packets << (counts.packets == 1 ? " packet" : " packets") << " of " << counts.connections
            << (counts.connections == 1 ? " connection\n" : " connections\n");
    if (counts.packets == 0) {
        run.err << "Packets are journalled where journal.packets of the connector is true: serve --journal-packets, or "
                   "the button of the page's timeline.\n";
    }
    if (counts.cut > 0) run.err << counts.cut << " of them not whole: the journal has dropped the rest\n";
    if (dropped > 0 && !run.options.has("--since"))
        run.err << "The journal has dropped " << dropped << " older events.\n";
}

}  // namespace

void capture_events(const Run& run) {
    check_usage(run);
    EventOutput output(run);
    Writer writer(run, output);
    Logins logins(run.options.value("--identity"));
    std::int64_t dropped = 0;
    const auto query = events_query(run, {"--connector", "--topic"}) + "type=packet,connect,disconnect&";
    each_page(run, query, [&](std::span<const JsonNode> events, const JsonNode& page) {
        dropped = number_of(page, "dropped");
        for (const auto& event : events) {
            if (!logins.wants(event)) {
                logins.hold(event);
                continue;
            }
            if (const auto held = logins.take(event)) writer.event(*held);
            writer.event(event);
        }
        writer.write();
        return output.flush();
    });
    output.keep();
    summarize(run, writer.counts(), dropped);
}

}  // namespace cli
