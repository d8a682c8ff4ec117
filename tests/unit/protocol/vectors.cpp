// Runs tests/vectors/mqtt.txt against the pure machine, with the smallest server around it that the rows need: no
// devices, so every credential is unknown and every client without one is anonymous.

#include "protocol/encoder.h"
#include "protocol/server_connection.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/vector_file.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

namespace {

using namespace protocol;

class TinyServer {
  public:
    void receive(std::string_view bytes) {
        const std::string all = left_.append(bytes);
        std::string_view input = all;
        for (;;) {
            const Action action = connection_.next(input, TimePoint{});
            if (std::holds_alternative<NeedMore>(action)) break;
            std::visit([this](const auto& request) { answer(request); }, action);
        }
        left_ = std::string(input);
    }

    bool closed() const { return connection_.state() == ConnectionState::closing; }
    std::string sent;

  private:
    // [R4], [R12], [R14], [R15]
    static ConnackCode code_for(const protocol::Connect& connect) {
        const bool claims = !connect.username.value_or("").empty() || !connect.password.value_or("").empty();
        if (claims) return ConnackCode::bad_credentials;
        return connect.second_try() ? ConnackCode::unacceptable_protocol : ConnackCode::accepted;
    }
    void answer(const ConnectRequest& request) {
        const auto code = code_for(request.connect);
        encode_connack(sent, false, code);
        code == ConnackCode::accepted ? connection_.accepted(request.connect.keep_alive_s, true)
                                      : connection_.refused();
    }
    void answer(const PublishRequest& request) {
        if (request.publish.qos == 1) encode_puback(sent, request.publish.packet_id);
    }
    void answer(const SubscribeRequest& request) {
        std::vector<std::uint8_t> codes;
        for (const auto& wanted : request.subscribe.filters) codes.push_back(grant(wanted.filter));
        encode_suback(sent, request.subscribe.packet_id, codes);
    }
    void answer(const UnsubscribeRequest& request) { encode_unsuback(sent, request.unsubscribe.packet_id); }
    void answer(const PingRequest&) { encode_pingresp(sent); }
    void answer(const Violation& violation) {
        if (violation.connack) encode_connack(sent, false, *violation.connack);
    }
    void answer(const DisconnectRequest&) {}
    void answer(const IgnoredPuback&) {}
    void answer(const NeedMore&) {}

    // [R47]: the first $provision/<id> that the client names, no other
    std::uint8_t grant(std::string_view filter) {
        static constexpr std::string_view prefix = "$provision/";
        const bool one_level = filter.size() > prefix.size() && filter.starts_with(prefix) &&
                               filter.find_first_of("/+#", prefix.size()) == filter.npos;
        if (!one_level) return suback_failure;
        if (provision_topic_.empty()) provision_topic_ = filter;
        return provision_topic_ == filter ? suback_granted : suback_failure;
    }

    ServerConnection connection_;
    std::string provision_topic_;
    std::string left_;
};

// Sends a row in chunks of `chunk` bytes and checks what it says.
void check_row(const test::Vector& row, std::size_t chunk) {
    CAPTURE(row.name);
    CAPTURE(chunk);
    TinyServer server;
    if (row.anonymous) {
        server.receive(test::connect_packet({.client_id = ""}));
        REQUIRE(server.sent == test::from_hex("20020000"));
        server.sent.clear();
    }
    std::string_view bytes = row.in;
    while (!bytes.empty()) {
        server.receive(bytes.substr(0, chunk));
        bytes.remove_prefix(std::min(chunk, bytes.size()));
    }
    CHECK(test::to_hex(server.sent) == test::to_hex(row.out));
    CHECK(server.closed() != row.open);
    server.receive(test::pingreq);
    CHECK(test::to_hex(server.sent) == test::to_hex(row.out) + (row.open ? "d000" : ""));
}

std::vector<test::Vector> all_vectors() {
    return test::read_vectors(MURANO_SOURCE_DIR "/tests/vectors/mqtt.txt");
}

}  // namespace

TEST_CASE("every row of tests/vectors/mqtt.txt holds for the machine alone") {
    const auto vectors = all_vectors();
    CHECK(vectors.size() >= 150);
    for (const auto& row : vectors) check_row(row, row.in.size());
}

TEST_CASE("every row of tests/vectors/mqtt.txt holds when it comes in small chunks") {
    for (const auto& row : all_vectors()) check_row(row, row.in.size() > 2000 ? 997 : 1);
}

TEST_CASE("the rows of tests/vectors/mqtt.txt have names of their own") {
    std::set<std::string> names;
    for (const auto& row : all_vectors()) CHECK_MESSAGE(names.insert(row.name).second, row.name);
}

TEST_CASE("the vector reader refuses what it does not understand") {
    CHECK(test::vector_bytes("-").empty());
    CHECK(test::vector_bytes("c000 {61*3}{62*1} 01") == std::string("\xC0\0aaab\x01", 7));
    CHECK_THROWS(test::vector_bytes("c00"));
    CHECK_THROWS(test::vector_bytes("{61*3"));
    CHECK_THROWS(test::vector_bytes("{61}"));
    CHECK_THROWS(test::vector_bytes("xy"));
    CHECK_THROWS(test::read_vectors(MURANO_SOURCE_DIR "/tests/vectors/no-such-file.txt"));
}
