#include "server/murano/takeovers.h"

#include "server/murano/quote.h"

namespace murano {

std::optional<Finding> Takeovers::note(std::string_view client_id, std::string_view older_address,
                                       std::string_view newer_address, std::int64_t now_us) {
    const bool quiet = times_.empty() || now_us - times_.back() > window_us;
    if (quiet || client_id != client_id_) {
        client_id_ = client_id;
        times_.clear();
        told_ = false;
    }
    times_.push_back(now_us);
    std::erase_if(times_, [now_us](auto time) { return now_us - time > window_us; });
    if (times_.size() > most_tolerated + 1) times_.erase(times_.begin());
    if (told_ || times_.size() <= most_tolerated) return std::nullopt;
    told_ = true;
    return Finding{
        "R22.takeover_fight", journal::Severity::violation,
        "Two connections of this device displace each other: " + std::to_string(times_.size()) +
            " takeovers of the ClientID " + quoted(client_id) + " within 10 s, from " + std::string(older_address) +
            " and " + std::string(newer_address) + ".",
        "Let one of the two use another ClientID (or none), close the old connection before a new one is opened, and "
        "pause between attempts."};
}

}  // namespace murano
