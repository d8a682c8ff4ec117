// A client that has no MQTT connection, as a request over HTTP is one: it provisions, reports and is recorded.

#include "server/core/connector.h"
#include "server/device/hidden_text.h"
#include "server/device/provisioner.h"
#include "server/device/reports.h"
#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"
#include "tests/support/world/world.h"

#include <string>
#include <string_view>
#include <variant>

#include <doctest/doctest.h>

namespace {

// The parts that take a client, over the store of a world.
struct Counter {
    explicit Counter(test::World& its_world) : world(with_connector(its_world)) {}

    // The world has the connector, so that it sees what the client does there.
    static test::World& with_connector(test::World& world) {
        world.change_settings([](const auto&) {});
        return world;
    }

    test::World& world;
    device::Context& context = world.devices().context();
    device::DeviceTable table{context};
    device::Recorder recorder{context};
    device::Delivery delivery{context, recorder};
    device::State state{context, recorder, delivery};
    device::Reports reports{recorder, state, {}};
    device::Provisioner provisioner{{context, table, recorder}};
    device::HiddenText hidden{table};
    device::Origin origin{std::string(test::default_connector), "request", "10.1.2.3"};
    device::Client client{.origin = origin,
                          .connector = table.find_or_make_connector(test::default_connector),
                          .protocol = journal::Protocol::http};

    runtime::Now now() const { return context.clock.now(test::default_connector); }

    // Provisions `id` and speaks for it from then on.
    std::string provision(std::string_view id) {
        const auto decision = provisioner.decide(client, {id, ""}, now());
        REQUIRE(std::holds_alternative<murano::ProvisionAccepted>(decision));
        auto token = provisioner.grant(client, id, std::get<murano::ProvisionAccepted>(decision), now());
        client.device = table.find(*client.connector, id);
        REQUIRE(client.device != nullptr);
        world.turn();
        return token;
    }

    // The events of the client's, with whom they are about: "a:provisioned a:data_in".
    std::string recorded() {
        world.turn();
        std::string words;
        for (const auto& block : world.control().journal_blocks(0, 100)) {
            journal::EventReader reader(block.bytes);
            while (const auto next = reader.next()) {
                const auto& event = next->event;
                if (event.protocol != journal::Protocol::http || event.connection_id != "request") continue;
                CHECK(event.connector == test::default_connector);
                CHECK(event.ip == "10.1.2.3");
                if (!words.empty()) words += ' ';
                words.append(event.identity).append(":").append(journal::type_name(event.type));
            }
        }
        return words;
    }
};

}  // namespace

TEST_CASE("[R48, R52] a client without a connection provisions, and the device logs in with what it got") {
    test::World world;
    Counter counter(world);
    const auto token = counter.provision("a");
    CHECK(token.size() == 40);
    CHECK(counter.recorded() == "a:provisioned");
    CHECK(world.token("a") == token);
    world.connect("a");
    CHECK(world.events() == "provisioned connect");
}

TEST_CASE("[R53] a decision changes nothing") {
    test::World world;
    Counter counter(world);
    counter.client.connector->settings.provisioning.enabled = false;
    const auto refused = counter.provisioner.decide(counter.client, {"a", ""}, counter.now());
    REQUIRE(std::holds_alternative<murano::ProvisionRefused>(refused));
    CHECK(murano::finding_of(refused)->code == "R53.disabled");
    counter.client.connector->settings.provisioning.enabled = true;
    const auto accepted = counter.provisioner.decide(counter.client, {"a", ""}, counter.now());
    CHECK(std::holds_alternative<murano::ProvisionAccepted>(accepted));
    CHECK(counter.recorded().empty());
    CHECK_FALSE(world.control().identity(test::default_connector, "a"));
}

TEST_CASE("[R37] a client without a connection reports a value, which the cloud sees") {
    test::World world;
    Counter counter(world);
    counter.provision("a");
    CHECK(counter.reports.one(counter.client, "data_in", "5", {}, counter.now()));
    CHECK(counter.recorded() == "a:provisioned a:data_in");
    CHECK(world.reported("a", "data_in") == "5");
}

TEST_CASE("[R38, R39] a client without a connection reports several values, and a batch of older ones") {
    test::World world;
    Counter counter(world);
    counter.provision("a");
    CHECK(counter.reports.many(counter.client, R"({"data_in":"6","data_out":"7"})", {}, counter.now()));
    CHECK(counter.reports.batch(counter.client, R"([{"timestamp":1699999999000000,"values":{"data_in":"8"}}])", {},
                                counter.now()));
    CHECK(counter.recorded() == "a:provisioned a:data_in a:data_in a:finding");
    CHECK(world.reported("a", "data_in") == "6");
    CHECK(world.findings() == "R38.older_report");
}

TEST_CASE("[R40, D20] what is wrong with its report is a finding, which does not show what the client hides") {
    test::World world;
    Counter counter(world);
    const auto token = counter.provision("a");
    counter.hidden.learn_topic(counter.client, "$provision/" + token);
    const std::string path = "/reports/" + token;
    CHECK(counter.reports.many(counter.client, "{", {"POST", std::nullopt, path}, counter.now()));
    CHECK(counter.recorded() == "a:provisioned a:finding");
    CHECK(world.findings() == "R40.json_cut_short");
    CHECK(world.journal_holds("/reports/"));
    CHECK_FALSE(world.journal_holds(token));
}
