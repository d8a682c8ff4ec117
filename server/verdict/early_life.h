#pragma once
// What a connection did before its device was known, kept for the run that it belongs to. One thread.

#include "server/verdict/observation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdict {

// Bounded: the first of each kind, texts cut at 255 bytes, at most 256 cipher suites.
class EarlyLife {
  public:
    // Observations of other kinds are not kept.
    void keep(const Observation& observation);
    // Passes all of it to `hear`, in the order of events. Views point into this object.
    template <typename Hear>
    void replay(std::uint64_t connection, Hear hear) const {
        const auto told = [&](Moment at, const Seen& seen) {
            hear(Observation{.at = at, .connection = connection, .cursor = 0, .seen = seen});
        };
        if (accepted_) told(accepted_->at, Accepted{accepted_->text});
        if (hello_) told(hello_->at, hello());
        if (done_) told(done_->at, HandshakeDone{version_, done_->text});
        if (failed_) told(failed_->at, HandshakeFailed{failed_->text});
    }

  private:
    struct Note {
        Moment at{0};
        std::string text;
    };

    ClientHello hello() const;

    std::optional<Note> accepted_;  // the local address
    std::optional<Note> hello_;     // the server name
    bool with_server_name_ = false;
    std::uint16_t best_version_ = 0;
    bool suite_of_policy_ = true;
    std::vector<std::uint16_t> suites_;
    std::optional<Note> done_;  // the client certificate's CN
    std::uint16_t version_ = 0;
    std::optional<Note> failed_;  // why
};

}  // namespace verdict
