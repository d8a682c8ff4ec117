#pragma once
// Drives a ServerConnection as the network layer does, and logs its actions.

#include "protocol/server_connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace test {

// Every field of an action, readable: "PUBLISH dup=0 qos=1 retain=0 id=7 topic=a payload=78".
std::string to_text(const protocol::Action& action);

// The same without what depends on how much of a bad packet had arrived: packet id and topic of a violation.
std::string to_short_text(const protocol::Action& action);

class Machine {
  public:
    enum class Answer { anonymous, device, refuse, none };

    explicit Machine(Answer answer = Answer::device, protocol::PacketLimits limits = {})
        : connection(limits), answer_(answer) {}

    // Passes bytes, copied to the heap at their exact size, until no more actions follow.
    void feed(std::string_view bytes);
    // A machine after CONNECT, its log empty.
    static Machine connected(Answer answer = Answer::device, protocol::PacketLimits limits = {});

    protocol::ServerConnection connection;
    protocol::TimePoint now{};
    std::vector<std::string> log;        // to_text
    std::vector<std::string> short_log;  // to_short_text
    std::vector<std::string> packets;    // last_packet(), one per entry of log
    std::vector<protocol::Violation> violations;
    std::string left;  // not consumed

    std::string last() const { return log.empty() ? "" : log.back(); }
    bool closing() const { return connection.state() == protocol::ConnectionState::closing; }
    // "MQTT-3.1.0-1.first_not_connect" if exactly one violation ended it; else what happened instead.
    std::string broken_code() const;

  private:
    void record(const protocol::Action& action);

    Answer answer_;
};

// The reactions of a new or a connected machine to these bytes.
std::string code_of_first(std::string_view bytes);
std::string code_of(std::string_view bytes);

}  // namespace test
