#include "server/verdict/checks/robust_act.h"

#include "tests/unit/verdict/turn.h"

#include <set>
#include <string>

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

// The device closes at each packet and comes back; until the act is over.
Turn& endure(Turn& told) {
    std::uint64_t connection = 1;
    for (int i = 0; i < 100 && !told.over(); ++i) {
        told.hit(connection, "corrupt").see(connection, verdict::Closed{});
        told.wait(second).online(++connection);
    }
    return told;
}

}  // namespace

TEST_CASE("ROB-01 every malformed packet that the device can get is sent once") {
    Turn told(verdict::act_malformed());
    CHECK(endure(told.begin()).outcome() == Outcome::passed);
    CHECK(told.faults().size() == 12);
    CHECK(told.first_fault() == R"({"kind":"corrupt","times":1,"packet":"CONNACK","how":"remaining_length"})");
    Turn more(verdict::act_malformed());
    more.reporting(10 * second, 1).subscribing("a").begin();
    std::uint64_t connection = 1;
    for (int i = 0; i < 100 && !more.over(); ++i) {
        more.hit(connection, "corrupt").see(connection, verdict::Closed{}).online(connection + 1);
        CHECK_FALSE(more.over());
        more.see(++connection, Turn::report());
    }
    CHECK(more.outcome() == Outcome::passed);
    CHECK(more.faults().size() == 14);
}

TEST_CASE("ROB-01 ignoring the packet and reporting on passes, going silent fails") {
    Turn told(verdict::act_malformed());
    told.reporting(10 * second).begin();
    for (int i = 0; i < 12; ++i) told.hit(1, "corrupt").see(1, Turn::report());
    CHECK(told.outcome() == Outcome::passed);
    Turn silent(verdict::act_malformed());
    silent.reporting(10 * second).begin().hit(1, "corrupt").in_vain();
    CHECK(silent.outcome() == Outcome::failed);
    CHECK(silent.result().message.starts_with("Sent a malformed CONNACK (remaining_length), it was not connected"));
}

TEST_CASE("ROB-01 a device that reports nothing may ignore a PUBLISH in silence, but no CONNACK") {
    Turn told(verdict::act_malformed());
    told.begin().hit(1, "corrupt");
    CHECK(told.in_vain().outcome() == Outcome::failed);
    Turn idle(verdict::act_malformed());
    idle.begin();
    std::uint64_t connection = 1;
    for (; connection < 6; ++connection)
        idle.hit(connection, "corrupt").see(connection, verdict::Closed{}).online(connection + 1);
    for (int i = 0; i < 7; ++i) idle.hit(connection, "corrupt").in_vain();
    CHECK(idle.outcome() == Outcome::passed);
}

TEST_CASE("ROB-01 a device that is away before the first packet is not judged, later it fails") {
    CHECK(Turn(verdict::act_malformed()).begin().in_vain().outcome() == Outcome::not_run);
    Turn told(verdict::act_malformed());
    told.begin().hit(1, "corrupt").see(1, verdict::Closed{}).online(2);
    CHECK(told.in_vain().outcome() == Outcome::failed);
}

TEST_CASE("ROB-02 as many corruptions as asked for, the same ones for the same seed") {
    const auto faults = [](std::uint64_t seed) {
        Turn told(verdict::act_random_corruptions());
        told.with([seed](verdict::Parameters& parameters) { parameters.seed = seed; });
        CHECK(endure(told.begin()).outcome() == Outcome::passed);
        CHECK(told.result().message.ends_with("The run's seed is " + std::to_string(seed) + "."));
        return told.faults();
    };
    CHECK(faults(7).size() == 20);
    CHECK(faults(7) == faults(7));
    CHECK(faults(7) != faults(1'000));
    const auto all = faults(7);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 20);
}

TEST_CASE("ROB-02 in soak goes on for duration_s, and each minute something else happens") {
    Turn told(verdict::act_random_corruptions());
    told.reporting(10 * second, 1).with([](verdict::Parameters& parameters) {
        parameters.corruptions = 0;
        parameters.duration = std::chrono::minutes(30);
    });
    told.begin();
    std::uint64_t connection = 1;
    for (; !told.over() && connection < 1'000; ++connection) {
        const std::string fault = told.last<verdict::Arm>().fault;
        const auto kind = fault.substr(9, fault.find('"', 9) - 9);
        told.hit(connection, kind).see(connection, verdict::Closed{}).wait(10 * second).online(connection + 1);
        told.see(connection + 1, Turn::report());
    }
    CHECK_MESSAGE(told.outcome() == Outcome::passed, told.result().message);
    CHECK(connection == 181);
    const auto faults = told.faults();
    const auto others = std::count_if(faults.begin(), faults.end(), [](const std::string& fault) {
        return fault.find("\"corrupt\"") == std::string::npos;
    });
    CHECK(others == 29);
    CHECK(told.result().message.find("29 other troubles") != std::string::npos);
}

TEST_CASE("ROB-02 a device that stays away fails, with the seed and the packet in the message") {
    Turn told(verdict::act_random_corruptions());
    told.begin().hit(1, "corrupt").see(1, verdict::Closed{}).in_vain();
    CHECK(told.outcome() == Outcome::failed);
    CHECK(told.result().message.find("(random)") != std::string::npos);
    CHECK(told.result().message.find("The run's seed is 1.") != std::string::npos);
}

TEST_CASE("ROB-03 the power goes while a report waits for its PUBACK") {
    CHECK(Turn(verdict::act_powerless_report()).begin().outcome() == Outcome::not_run);
    const auto cut = [] {
        Turn told(verdict::act_powerless_report());
        told.reporting(10 * second, 1).begin().see(1, Turn::report());
        CHECK(told.last<verdict::CallHook>().name == "power_cycle");
        return told;
    };
    Turn told = cut();
    told.answer_hook("power_cycle").online(2);
    CHECK_FALSE(told.over());
    CHECK(told.see(2, Turn::report()).outcome() == Outcome::passed);
    CHECK(cut().answer_hook("power_cycle").in_vain().outcome() == Outcome::failed);
    CHECK(cut().answer_hook("power_cycle").online(2).in_vain().outcome() == Outcome::failed);
    CHECK(cut().in_vain().outcome() == Outcome::not_run);
    CHECK(Turn(verdict::act_powerless_report()).reporting(second).begin().in_vain().outcome() == Outcome::not_run);
}
