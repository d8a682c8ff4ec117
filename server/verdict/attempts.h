#pragma once
// A device's attempts to connect, derived from what was seen of its connections. [verdict.md 2, Attempt] One thread.

#include "server/verdict/observation.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verdict {

// How far an attempt came.
enum class Reach : std::uint8_t { accepted, hello, handshake, connect, refused, connected };

struct Attempt {
    Moment began{0};
    std::optional<Moment> ended = std::nullopt;  // nullopt while one of its connections is open
    Reach reach = Reach::accepted;
    std::uint8_t connack = 0;  // the code of its CONNACK, if there was one
    bool sent_credential = false;
    std::string hello_failure = {};       // why its handshake failed
    int connects = 0;                     // CONNECT packets on all of its connections
    int other_packets_after_refusal = 0;  // anything but DISCONNECT after a CONNACK that refused
};

// Paho C's second try as `MQIsdp` within 1 s, and one to another of our addresses within 300 ms, belong to the previous
// attempt.
class Attempts {
  public:
    // Keeps the newest `most`; older ones are dropped.
    explicit Attempts(std::size_t most = 1'000) : most_(most) {}

    void on(const Observation& observation);
    void clear();

    const std::vector<Attempt>& all() const { return attempts_; }
    // From the end of one attempt to the beginning of the next, oldest first.
    std::vector<Moment> pauses() const;
    // Whether an open connection has a CONNACK that accepted the device with its credential.
    bool connected() const;

  private:
    struct Open {
        std::uint64_t connection = 0;
        std::size_t attempt = 0;
        bool accepted = false;
        bool refused = false;
    };

    Open* find(std::uint64_t connection);
    void begin(const Observation& observation, const Accepted& accepted);
    void close(std::uint64_t connection, Moment at);
    void merge_second_try(Open& open, Moment at);
    void note(Open& open, const Observation& observation);

    std::size_t most_;
    std::vector<Attempt> attempts_;
    std::vector<Open> open_;
    std::string last_address_;
};

}  // namespace verdict
