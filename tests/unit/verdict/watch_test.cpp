#include "server/verdict/checks/cipher_suites.h"
#include "tests/unit/verdict/story.h"

namespace {

using protocol::PacketType;
using story::Story;
using verdict::Outcome;

protocol::Connect connect(std::string_view client_id, std::string_view username = "", std::string_view password = "t") {
    protocol::Connect packet;
    packet.client_id = client_id;
    packet.username = username;
    packet.password = password;
    packet.keep_alive_s = 60;
    packet.clean_session = true;
    return packet;
}

protocol::Connect keep_alive(std::uint16_t in_seconds) {
    protocol::Connect packet = connect("");
    packet.keep_alive_s = in_seconds;
    return packet;
}

protocol::Connect resuming(std::string_view client_id) {
    protocol::Connect packet = connect(client_id);
    packet.clean_session = false;
    return packet;
}

verdict::Subject device_with(verdict::AuthType auth_type) {
    verdict::Subject subject = story::token_device();
    subject.auth_type = auth_type;
    return subject;
}

bool mentions(const verdict::Result& result, std::string_view text) {
    return result.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a check that never saw what it judges is not run, and says what is missing") {
    for (const auto& row : verdict::check_table()) {
        if (!row.watch) continue;
        const auto result = Story(row.id).result();
        CHECK_MESSAGE(result.outcome == Outcome::not_run, row.id);
        CHECK_MESSAGE(!result.message.empty(), row.id);
    }
}

TEST_CASE("every check of the table has an id of its own, a title and a source") {
    const auto rows = verdict::check_table();
    for (const auto& row : rows) {
        CHECK(std::ranges::count(rows, row.id, &verdict::CheckRow::id) == 1);
        CHECK_FALSE(row.title.empty());
        CHECK_FALSE(row.source.empty());
        CHECK(static_cast<bool>(row.watch) != static_cast<bool>(row.act));
        CHECK(verdict::group_of(row.id).size() < row.id.size());
    }
}

TEST_CASE("TLS-01 TLS 1.1 fails, TLS 1.2 passes, and one bad handshake is not forgotten") {
    CHECK(Story("TLS-01").accept().hello("h", 0x0303).outcome() == Outcome::passed);
    const auto result = Story("TLS-01").accept().hello("h", 0x0302).accept().hello("h", 0x0304).result();
    CHECK(result.outcome == Outcome::failed);
    CHECK(mentions(result, "TLS 1.1"));
    CHECK(result.evidence.size() == 1);
}

TEST_CASE("TLS-02 no name fails, another one warns, the given one passes") {
    CHECK(Story("TLS-02").accept().hello().outcome() == Outcome::passed);
    CHECK(Story("TLS-02").accept().hello("other.example").outcome() == Outcome::warned);
    CHECK(Story("TLS-02").accept().see(verdict::ClientHello{.best_version = 0x0303}).outcome() == Outcome::failed);
    verdict::Subject subject = story::token_device();
    subject.given_host = "localhost";
    CHECK(Story("TLS-02", subject).accept().hello("localhost").outcome() == Outcome::passed);
}

TEST_CASE("TLS-03 broken suites warn by name, none of the policy fails") {
    CHECK(Story("TLS-03").accept().hello().outcome() == Outcome::passed);
    const std::uint16_t suites[] = {0xC02B, 0x0005, 0x000A, 0x002F};
    verdict::ClientHello hello{.server_name = "h", .best_version = 0x0303, .suites = suites};
    const auto result = Story("TLS-03").accept().see(hello).result();
    CHECK(result.outcome == Outcome::warned);
    CHECK(mentions(result, "TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_RSA_WITH_RC4_128_SHA"));
    hello.suite_of_policy = false;
    CHECK(Story("TLS-03").accept().see(hello).outcome() == Outcome::failed);
}

TEST_CASE("CBC with SHA-1 and static RSA are dated, not broken") {
    CHECK(verdict::suite_class(0x002F) == verdict::SuiteClass::dated);
    CHECK(verdict::suite_class(0xC013) == verdict::SuiteClass::dated);
    CHECK(verdict::suite_class(0xC02B) == verdict::SuiteClass::fine);
    CHECK(verdict::suite_class(0x0A0A) == verdict::SuiteClass::fine);
    CHECK(verdict::suite_class(0x0018) == verdict::SuiteClass::broken);
}

TEST_CASE("TLS-12 a certificate of another name or none fails on a certificate connector") {
    const auto subject = device_with(verdict::AuthType::certificate);
    CHECK(Story("TLS-12", subject).accept().see(verdict::HandshakeDone{0x0303, "d1"}).outcome() == Outcome::passed);
    CHECK(Story("TLS-12", subject).accept().see(verdict::HandshakeDone{0x0303, "d2"}).outcome() == Outcome::failed);
    CHECK(Story("TLS-12", subject).accept().see(verdict::HandshakeDone{0x0303, ""}).outcome() == Outcome::failed);
}

TEST_CASE("CON-01 token device: ClientID and Username are empty or the device id") {
    CHECK(Story("CON-01").accept().connect(connect("")).outcome() == Outcome::passed);
    CHECK(Story("CON-01").accept().connect(connect("d1", "d1")).outcome() == Outcome::passed);
    CHECK(Story("CON-01").accept().connect(connect("paho-77")).outcome() == Outcome::failed);
    CHECK(Story("CON-01").accept().connect(connect("", "admin")).outcome() == Outcome::failed);
    CHECK(Story("CON-01").accept().connect(connect("whatever"), false).outcome() == Outcome::passed);
}

TEST_CASE("CON-01 password and certificate devices") {
    const auto password = device_with(verdict::AuthType::password);
    CHECK(Story("CON-01", password).accept().connect(connect("", "d1")).outcome() == Outcome::passed);
    CHECK(Story("CON-01", password).accept().connect(connect("", "")).outcome() == Outcome::failed);
    const auto certificate = device_with(verdict::AuthType::certificate);
    CHECK(Story("CON-01", certificate).accept().connect(connect("", "", "")).outcome() == Outcome::passed);
    CHECK(Story("CON-01", certificate).accept().connect(connect("d1", "", "")).outcome() == Outcome::failed);
    CHECK(Story("CON-01", certificate).accept().connect(connect("", "", "x")).outcome() == Outcome::failed);
}

TEST_CASE("CON-01 another protocol level fails, Paho's second try does not") {
    protocol::Connect packet = connect("");
    packet.level = 5;
    CHECK(Story("CON-01").accept().connect(packet).outcome() == Outcome::failed);
    protocol::Connect second = connect("");
    second.protocol_name = "MQIsdp";
    second.level = 3;
    CHECK(Story("CON-01").accept().connect(connect("")).connack(4).accept().connect(second).outcome() ==
          Outcome::passed);
}

TEST_CASE("KA-01 zero, too long, and a gap of 1.5 times") {
    CHECK(Story("KA-01").online(keep_alive(0)).outcome() == Outcome::failed);
    CHECK(Story("KA-01").online(keep_alive(1'200)).outcome() == Outcome::passed);
    CHECK(Story("KA-01").online(keep_alive(1'201)).outcome() == Outcome::failed);
    CHECK(Story("KA-01").online(keep_alive(10)).wait(10).packet(PacketType::pingreq).outcome() == Outcome::passed);
    CHECK(Story("KA-01").every(0).online(keep_alive(10)).wait(15).packet(PacketType::pingreq).outcome() ==
          Outcome::failed);
    CHECK(Story("KA-01").online(keep_alive(10)).provoked(true).wait(60).close().outcome() == Outcome::passed);
}

TEST_CASE("PRV-01 an anonymous client only provisions") {
    Story good("PRV-01");
    good.accept().connect(connect("", "", ""), false).connack(0, false, true);
    CHECK(good.publish("$provision/d1", "").subscribe("$provision/d1").outcome() == Outcome::passed);
    CHECK(good.publish("$resource/data_in").outcome() == Outcome::failed);
    Story device("PRV-01");
    CHECK(device.online(connect("")).publish("$resource/data_in").outcome() == Outcome::not_run);
}

TEST_CASE("PRV-02 tokens are asked for with an empty payload, passwords have 20 characters") {
    const auto ask = [](const verdict::Subject& subject, std::string_view client_id, std::string_view payload) {
        Story told("PRV-02", subject);
        told.accept().connect(connect(client_id, "", ""), false).connack(0, false, true);
        return told.publish("$provision/d1", payload).outcome();
    };
    const auto password = device_with(verdict::AuthType::password);
    CHECK(ask(story::token_device(), "", "") == Outcome::passed);
    CHECK(ask(story::token_device(), "", "x") == Outcome::failed);
    CHECK(ask(password, "", "0123456789012345678") == Outcome::failed);
    CHECK(ask(password, "", "01234567890123456789") == Outcome::passed);
    CHECK(ask(password, "", "äöüäöüäöüäöüäöüäöü12") == Outcome::passed);
    CHECK(ask(password, "d1", "01234567890123456789") == Outcome::failed);
}

TEST_CASE("PUB-01 and PUB-02 tell the first finding and count the rest") {
    Story told("PUB-01");
    told.online().publish("resource/x").finding("R45a", "The topic 'resource/x' is one of the device's own.");
    told.finding("R37", "No resource 'y' is defined.");
    const auto result = told.result();
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message == "The topic 'resource/x' is one of the device's own (2 times, this is the first).");
    CHECK(result.hint == "Mend it.");
    CHECK(result.evidence.size() == 2);
    CHECK(Story("PUB-02").online().publish("$resource/a").finding("R40", "Bad.").outcome() == Outcome::failed);
    CHECK(Story("PUB-02").online().publish("$resource/a").finding("R37", "Other.").outcome() == Outcome::passed);
    Story nested("PUB-02");  // of PUB-04
    CHECK(nested.online().publish("$resource/a").finding("R40", "Bad.", "R40.nested").outcome() == Outcome::passed);
}

TEST_CASE("PUB-01 a finding of severity info is nothing to mend") {
    verdict::Found note{.rule = "R46", .info = true, .message = "A note."};
    CHECK(Story("PUB-01").online().publish("$content", "").see(note).outcome() == Outcome::passed);
}

TEST_CASE("PUB-03 seconds, before 2000 and more than five minutes ahead fail") {
    constexpr std::int64_t now = 1'700'000'000'000'000;
    const auto stamped = [](std::int64_t stamp) {
        return Story("PUB-03").online().see(verdict::Reported{"a", "1", stamp, now}).outcome();
    };
    CHECK(stamped(now) == Outcome::passed);
    CHECK(stamped(now + 300'000'000) == Outcome::passed);
    CHECK(stamped(now + 300'000'001) == Outcome::failed);
    CHECK(stamped(1'700'000'000) == Outcome::failed);
    CHECK(stamped(1'700'000'000'000) == Outcome::failed);
    CHECK(stamped(946'684'799'999'999) == Outcome::failed);
    CHECK(stamped(946'684'800'000'000) == Outcome::passed);
}

TEST_CASE("PUB-04 an object within JSON fails by its code") {
    Story told("PUB-04");
    told.online().see(verdict::Reported{.alias = "a", .text = "1"});
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.finding("R40", "No.", "R40.nested").outcome() == Outcome::failed);
}

TEST_CASE("PUB-06 QoS 2 warns") {
    CHECK(Story("PUB-06").online().publish("$resource/a", "1", 2, 1).outcome() == Outcome::warned);
    CHECK(Story("PUB-06").online().publish("$resource/a", "1", 1, 1).outcome() == Outcome::passed);
}

TEST_CASE("PUB-07 what a device answers to a damaged packet is not its own doing, on that connection") {
    const auto damaged = [](Story& told) -> Story& {
        return told.online().publish("a").see(verdict::FaultHit{"run-1-1", "corrupt"});
    };
    Story same("PUB-07");
    CHECK(damaged(same).packet(PacketType::pubcomp, 1).outcome() == Outcome::passed);
    Story next("PUB-07");
    CHECK(damaged(next).online().packet(PacketType::pubcomp, 1).outcome() == Outcome::warned);
}

TEST_CASE("PUB-07 DUP on a first send and with QoS 0 warns, on a repeat it does not") {
    CHECK(Story("PUB-07").online().publish("$resource/a", "1", 0, 0, true).outcome() == Outcome::warned);
    CHECK(Story("PUB-07").online().publish("$resource/a", "1", 1, 7, true).outcome() == Outcome::warned);
    CHECK(Story("PUB-07").online().publish("a", "1", 1, 7).publish("a", "1", 1, 7, true).outcome() == Outcome::passed);
    CHECK(Story("PUB-07").online().publish("a").packet(PacketType::pubrel, 1).outcome() == Outcome::warned);
}

TEST_CASE("PUB-08 retain and Will flags warn") {
    protocol::Connect packet = connect("");
    packet.will.emplace();
    packet.will->topic = "$resource/a";
    packet.will->qos = 1;
    CHECK(Story("PUB-08").online(packet).outcome() == Outcome::warned);
    packet.will->qos = 0;
    CHECK(Story("PUB-08").online(packet).outcome() == Outcome::passed);
    protocol::Publish retained;
    retained.retain = true;
    CHECK(Story("PUB-08").see(verdict::PublishCame{retained}).outcome() == Outcome::warned);
}

TEST_CASE("SES-02 a new ClientID with Clean Session 0 fails") {
    CHECK(Story("SES-02").online(resuming("d1")).online(resuming("d1")).outcome() == Outcome::passed);
    CHECK(Story("SES-02").online(resuming("d1")).online(resuming("d1-2")).outcome() == Outcome::failed);
    CHECK(Story("SES-02").online(connect("a")).online(connect("b")).outcome() == Outcome::not_run);
}

TEST_CASE("SES-05 subscribing again to what the session has warns") {
    Story told("SES-05");
    told.accept().connect(resuming("d1")).connack().subscribe("a/#").close();
    told.accept().connect(resuming("d1")).connack(0, true);
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.subscribe("b").outcome() == Outcome::passed);
    CHECK(told.subscribe("a/#").outcome() == Outcome::warned);
}

TEST_CASE("SES-05 a session that was lost is subscribed to again") {
    Story told("SES-05");
    told.accept().connect(resuming("d1")).connack(0, true).subscribe("a").close();
    CHECK(told.accept().connect(resuming("d1")).connack().subscribe("a").outcome() == Outcome::passed);
}

TEST_CASE("PKT-01 an id in use, an id of 0, and a PUBACK from the device fail") {
    CHECK(Story("PKT-01").online().publish("a", "1", 1, 5).publish("b", "1", 1, 5).outcome() == Outcome::failed);
    CHECK(Story("PKT-01").online().publish("a", "1", 1, 5).subscribe("b", 5).outcome() == Outcome::failed);
    Story free("PKT-01");
    free.online().publish("a", "1", 1, 5).answer(PacketType::puback, 5).publish("b", "1", 1, 5);
    CHECK(free.outcome() == Outcome::passed);
    CHECK(Story("PKT-01").online().publish("a", "1", 1, 5).publish("a", "1", 1, 5, true).outcome() == Outcome::passed);
    CHECK(Story("PKT-01").online().publish("a", "1", 1, 5).online().publish("a", "1", 1, 5).outcome() ==
          Outcome::passed);
    CHECK(Story("PKT-01").online().packet(PacketType::puback, 1).outcome() == Outcome::failed);
    CHECK(Story("PKT-01").online().finding("MQTT-2.3.1-1", "Packet id 0.").outcome() == Outcome::failed);
}

TEST_CASE("PKT-01 an id is in use until its answer has left, which a commit may hold up") {
    Story held("PKT-01");
    held.online().sent(4).publish("a", "1", 1, 5).sent(8).answer(PacketType::puback, 5);
    CHECK(held.sent(7).publish("b", "1", 1, 5).outcome() == Outcome::failed);
    Story left("PKT-01");
    left.online().sent(4).publish("a", "1", 1, 5).sent(8).answer(PacketType::puback, 5);
    CHECK(left.sent(8).publish("b", "1", 1, 5).outcome() == Outcome::passed);
    CHECK(left.sent(12).answer(PacketType::puback, 5).sent(11).publish("b", "1", 1, 5, true).outcome() ==
          Outcome::passed);
}

TEST_CASE("DOS-01 ten connections within ten seconds fail, nine do not") {
    Story told("DOS-01");
    told.every(0.5);
    for (int i = 0; i < 9; ++i) told.accept().close();
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.accept().outcome() == Outcome::failed);
    Story forced("DOS-01");
    forced.every(0.1).provoked(true);
    for (int i = 0; i < 30; ++i) forced.accept().close();
    CHECK(forced.outcome() == Outcome::passed);
}

TEST_CASE("DOS-01 two connections at once and a hundred publishes within a second fail") {
    CHECK(Story("DOS-01").online().online().outcome() == Outcome::failed);
    CHECK(Story("DOS-01").online().close().online().outcome() == Outcome::passed);
    Story told("DOS-01");
    told.online().every(0.0099);
    std::vector<std::string> values;
    for (int i = 0; i < 100; ++i) values.push_back(std::to_string(i));
    for (int i = 0; i < 99; ++i) told.publish("$resource/a", values[static_cast<std::size_t>(i)]);
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.publish("$resource/a", values[99]).outcome() == Outcome::failed);
}

TEST_CASE("DOS-01 the same report twice within 100 ms fails") {
    CHECK(Story("DOS-01").online().every(0.099).publish("a").publish("a").outcome() == Outcome::failed);
    CHECK(Story("DOS-01").online().every(0.1).publish("a").publish("a").outcome() == Outcome::passed);
    CHECK(Story("DOS-01").online().every(0.01).publish("a").publish("a", "2").outcome() == Outcome::passed);
}
