#include "server/verdict/checks/certificate_act.h"
#include "server/verdict/checks/endure_act.h"
#include "server/verdict/checks/recover_act.h"
#include "tests/unit/verdict/turn.h"

namespace {

using protocol::PacketType;
using turn::second;
using turn::Turn;
using verdict::Outcome;

void refuse_certificate(Turn& told, std::uint64_t connection) {
    told.see(connection, verdict::Accepted{}).see(connection, verdict::ClientHello{});
    told.see(connection, verdict::HandshakeFailed{"unknown CA"}).see(connection, verdict::Closed{});
}

}  // namespace

TEST_CASE("TLS-04 a device that ends the handshake twice passes") {
    Turn told(verdict::act_untrusted_ca());
    told.begin();
    CHECK(told.first_fault() == R"({"kind":"tls_certificate","as":"untrusted_ca"})");
    refuse_certificate(told, 2);
    CHECK_FALSE(told.over());
    refuse_certificate(told, 3);
    CHECK(told.outcome() == Outcome::passed);
}

TEST_CASE("TLS-05 CONNECT behind a bad certificate fails, and a credential in it is named as leaked") {
    Turn told(verdict::act_wrong_name());
    told.begin().see(2, verdict::Accepted{}).see(2, verdict::ConnectCame{{}, true});
    CHECK(told.outcome() == Outcome::failed);
    CHECK(told.result().message.find("The credential went to whoever it was") != std::string::npos);
}

TEST_CASE("TLS-06 a device that falls back on its second attempt fails") {
    Turn told(verdict::act_expired());
    told.begin();
    refuse_certificate(told, 2);
    told.see(3, verdict::Accepted{}).see(3, verdict::ConnectCame{});
    CHECK(told.outcome() == Outcome::failed);
}

TEST_CASE("TLS-07 one refused attempt is enough when the device waits longer than anybody waits for it") {
    Turn told(verdict::act_not_yet_valid());
    told.begin();
    refuse_certificate(told, 2);
    CHECK(told.in_vain().outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_not_yet_valid()).begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("TLS-08 to TLS-10 pass once the device is connected, and fail where it never is") {
    for (const auto make : {verdict::act_large_chain, verdict::act_record_sizes, verdict::act_rotated_key}) {
        CHECK(Turn(make()).begin().online(2).in_vain().outcome() == Outcome::passed);
        Turn told(make());
        told.begin();
        refuse_certificate(told, 2);
        CHECK(told.in_vain().outcome() == Outcome::failed);
        CHECK(Turn(make()).begin().in_vain().outcome() == Outcome::not_run);
    }
}

TEST_CASE("TLS-09 a full record: reporting on passes, losing the connection or falling silent fails") {
    const auto with_record = [] {
        auto told = std::make_unique<Turn>(verdict::act_record_sizes());
        told->reporting(second).begin().online(2).see(2, Turn::report());
        CHECK_FALSE(told->over());
        CHECK(told->count<verdict::Disarm>() == 1);
        CHECK(told->faults().at(1) == R"({"kind":"tls_records","bytes":16384})");
        CHECK(told->faults().at(2) == R"({"kind":"coalesce","packets":33})");
        CHECK(told->count<verdict::PublishTo>() == 33);
        const auto message = told->last<verdict::PublishTo>();
        constexpr std::size_t header = 3 + 2;  // fixed header, and the length of the topic
        CHECK(header + message.topic.size() + message.payload.size() == 512);
        return told;
    };
    CHECK(with_record()->see(2, Turn::report()).outcome() == Outcome::passed);
    CHECK(with_record()->see(2, verdict::Closed{}).outcome() == Outcome::failed);
    const auto silent = with_record();
    CHECK(silent->in_vain().outcome() == Outcome::failed);
    CHECK(silent->result().message.find("With a TLS record of 16,384 bytes it reported nothing") == 0);
}

TEST_CASE("CON-07 waiting passes, packets before the CONNACK warn, giving up fails") {
    CHECK(Turn(verdict::act_late_connack()).begin().online(2).outcome() == Outcome::passed);
    Turn eager(verdict::act_late_connack());
    eager.begin().see(2, verdict::Accepted{}).see(2, verdict::ConnectCame{}).see(2, verdict::PublishCame{});
    CHECK(eager.see(2, verdict::ConnackLeft{}).outcome() == Outcome::warned);
    Turn hasty(verdict::act_late_connack());
    hasty.begin().see(2, verdict::Accepted{}).see(2, verdict::ConnectCame{});
    CHECK(hasty.wait(second).see(2, verdict::Closed{}).outcome() == Outcome::failed);
}

TEST_CASE("PUB-10 half a minute on a slow network: kept passes, lost fails, repeats warn") {
    CHECK(Turn(verdict::act_slow_network()).begin().online(2).in_vain().outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_slow_network()).begin().online(2).see(2, verdict::Closed{}).outcome() == Outcome::failed);
    protocol::Publish again;
    again.dup = true;
    Turn told(verdict::act_slow_network());
    CHECK(told.begin().online(2).see(2, verdict::PublishCame{again}).in_vain().outcome() == Outcome::warned);
}

TEST_CASE("TLS-11 a stalled handshake is given up within the patience") {
    Turn told(verdict::act_stalled_handshake());
    told.begin().see(2, verdict::Accepted{}).see(2, verdict::FaultHit{"run-1"});
    CHECK(told.waits() == 60 * second);
    told.wait(10 * second).see(2, verdict::Closed{});
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.result().measured.front().number == doctest::Approx(10));
    Turn patient(verdict::act_stalled_handshake());
    patient.begin().see(2, verdict::FaultHit{"run-1"});
    CHECK(patient.in_vain().outcome() == Outcome::failed);
}

TEST_CASE("CON-06 only coming back after the outage is judged") {
    Turn told(verdict::act_outage());
    told.begin();
    CHECK(told.first_fault() == R"({"kind":"outage","for_ms":20000})");
    told.wait(21 * second).online(2);
    CHECK(told.outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_outage()).begin().in_vain().outcome() == Outcome::failed);
}

TEST_CASE("KA-02 counts from the PINGREQ, and is not run where none comes") {
    Turn told(verdict::act_no_pingresp(), 10);
    told.begin().see(1, verdict::PacketCame{PacketType::pingreq});
    CHECK(told.waits() == 20 * second);
    CHECK(told.wait(9 * second).see(1, verdict::Closed{}).outcome() == Outcome::passed);
    Turn deaf(verdict::act_no_pingresp(), 10);
    CHECK(deaf.begin().see(1, verdict::PacketCame{PacketType::pingreq}).in_vain().outcome() == Outcome::failed);
    CHECK(Turn(verdict::act_no_pingresp(), 10).begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("KA-02 to KA-04 are not run without a Keep Alive, and with one over keep_alive_patience_s") {
    for (const auto make : {verdict::act_no_pingresp, verdict::act_black_hole, verdict::act_forgotten}) {
        CHECK(Turn(make(), 0).begin().outcome() == Outcome::not_run);
        CHECK(Turn(make(), 121).begin().outcome() == Outcome::not_run);
        CHECK_FALSE(Turn(make(), 120).begin().over());
    }
}

TEST_CASE("KA-03 a black hole is noticed within 1.5 Keep Alive and the patience") {
    Turn told(verdict::act_black_hole(), 10);
    told.begin();
    CHECK(told.waits() == 75 * second);
    CHECK(told.wait(20 * second).online(2).outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_black_hole(), 10).begin().in_vain().outcome() == Outcome::failed);
}
