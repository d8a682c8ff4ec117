// Properties that hold for any stream of packets: how it is cut into chunks changes nothing.

#include "protocol/describe.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <random>
#include <string>

#include <doctest/doctest.h>

using test::Machine;

namespace {

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t end) { return random_() % end; }

    std::string stream() {
        std::string bytes = below(10) == 0 ? packet() : connect();
        const std::size_t count = below(12);
        for (std::size_t i = 0; i < count; ++i) bytes += below(20) == 0 ? damaged(packet()) : packet();
        return bytes;
    }

    std::string text() {
        static const std::string alphabet = "ab/$\xC3\xA4";
        std::string result(below(12), 'x');
        for (char& c : result) c = below(8) == 0 ? alphabet[below(alphabet.size())] : 'a';
        return below(30) == 0 ? std::string(below(400), 'L') : "t" + result.substr(0, result.size() / 2);
    }

    std::string connect() {
        const auto flags = static_cast<unsigned>(below(2) * 2);
        return test::connect_packet(
            {.flags = 0xC0 + flags, .client_id = text(), .rest = test::str(text()) + test::str(text())});
    }

    std::string packet() {
        const auto id = static_cast<unsigned>(1 + below(65'535));
        switch (below(8)) {
            case 0:
                return test::subscribe_packet(id, {{text(), static_cast<unsigned>(below(3))}, {"a/#", 0}});
            case 1:
                return test::unsubscribe_packet(id, {text(), text()});
            case 2:
                return test::pingreq;
            case 3:
                return test::packet(0x40, test::u16(id));
            case 4:
                return below(20) == 0 ? test::disconnect : test::pingreq;
            case 5:
                return test::publish_packet(text(), std::string(below(700), 'p'), 0x02, id);
            default:
                return test::publish_packet(text(), text(), static_cast<unsigned>(below(2)), id);
        }
    }

    std::string damaged(std::string bytes) {
        bytes[below(bytes.size())] = static_cast<char>(below(256));
        return bytes;
    }

  private:
    std::mt19937 random_;
};

// Feeds in random chunks, none of them empty.
void feed_in_chunks(Machine& machine, const std::string& bytes, Generator& generator) {
    const std::size_t largest = 1 + generator.below(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = std::min(bytes.size() - at, 1 + generator.below(largest));
        machine.feed(std::string_view(bytes).substr(at, size));
        at += size;
    }
}

}  // namespace

TEST_CASE("any chunking of a stream gives the same actions") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    Generator generator(seed);
    std::size_t actions = 0;
    for (int round = 0; round < 1500; ++round) {
        const std::string bytes = generator.stream();
        CAPTURE(test::to_hex(bytes));
        Machine whole;
        whole.feed(bytes);
        actions += whole.log.size();
        for (int cut = 0; cut < 3; ++cut) {
            Machine pieces;
            feed_in_chunks(pieces, bytes, generator);
            REQUIRE(pieces.short_log == whole.short_log);
            REQUIRE(pieces.connection.state() == whole.connection.state());
        }
        Machine bytewise;
        for (const char c : bytes) bytewise.feed(std::string_view(&c, 1));
        REQUIRE(bytewise.short_log == whole.short_log);
    }
    CHECK(actions > 1500);
}

TEST_CASE("what an independent encoder writes is read back field by field") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    Generator generator(seed);
    for (int round = 0; round < 2000; ++round) {
        const std::string topic = "t" + std::to_string(generator.below(1000));
        const std::string payload = generator.text();
        const auto id = static_cast<unsigned>(1 + generator.below(65'535));
        const auto qos = static_cast<unsigned>(generator.below(3));
        const auto retain = static_cast<unsigned>(generator.below(2));
        Machine machine = Machine::connected();
        machine.feed(test::publish_packet(topic, payload, qos * 2 + retain, id));
        REQUIRE(machine.last() == "PUBLISH dup=0 qos=" + std::to_string(qos) + " retain=" + std::to_string(retain) +
                                      " id=" + std::to_string(qos > 0 ? id : 0) + " topic='" + topic +
                                      "' payload=" + test::to_hex(payload) + " doubtful=0");
    }
}

TEST_CASE("random bytes end in at most one violation, and describing or masking them never fails") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    Generator generator(seed);
    for (int round = 0; round < 3000; ++round) {
        std::string bytes(1 + generator.below(60), '\0');
        for (char& c : bytes) c = static_cast<char>(generator.below(256));
        Machine machine = Machine::connected();
        machine.feed(bytes);
        REQUIRE(machine.violations.size() <= 1);
        REQUIRE(machine.violations.size() == (machine.closing() && machine.last() != "DISCONNECT" ? 1U : 0U));
        (void)protocol::describe_packet(bytes);
        REQUIRE(protocol::mask_secrets(bytes).size() == bytes.size());
    }
}
