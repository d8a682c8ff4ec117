#include "tests/fuzz/targets/net_session/steps.h"

#include <array>
#include <string>

namespace fuzz::session {

Owner choose_owner(Bytes& bytes) {
    const std::string connector(bytes.one_of(connectors));
    return {connector, std::string(bytes.one_of(identities))};
}

namespace {

void let_time_pass(World& world, Bytes& bytes) {
    constexpr std::array<std::chrono::milliseconds, 4> times{std::chrono::milliseconds(1), std::chrono::seconds(10),
                                                             std::chrono::seconds(100), std::chrono::hours(25)};
    world.pass(bytes.one_of(times));
}

}  // namespace

void store_step(World& world, Bytes& bytes) {
    auto& client = world.clients().at(bytes.below(4));
    switch (bytes.below(10)) {
        case 0:
        case 1:
            return world.submit();
        case 2:
            world.submit();
            return world.commit(2);
        case 3:
            return world.commit(1);
        case 4:
            world.submit();
            return world.fail(1 + bytes.below(2));
        case 5:
            return world.settle();
        case 6:
            return world.crash();
        case 7:
            return let_time_pass(world, bytes);
        case 8:
            if (client) client->set_reading(bytes.flag());
            return;
        default:
            world.judge().begin();
            if (client) client->lose();
            return;
    }
}

}  // namespace fuzz::session

namespace fuzz {

void net_session(std::string_view input) {
    session::Bytes bytes(input);
    session::World world(bytes.next());
    for (std::size_t step = 0; step < session::most_steps && !bytes.empty(); ++step) {
        world.run_background();
        const auto byte = bytes.next();
        const auto choice = byte % 16;
        if (byte >= 252) {
            session::snapshot_step(world, bytes);
        } else if (byte >= 248) {
            session::reader_step(world, bytes);
        } else if (byte >= 240) {
            session::fault_step(world, bytes);
        } else if (choice < 10) {
            session::packet_step(world, bytes);
        } else if (choice < 13) {
            session::control_step(world, bytes);
        } else {
            session::store_step(world, bytes);
        }
        world.let_faults_act();
        world.check();
    }
    world.settle();
    world.check();
    world.crash();  // what was committed is there after a start
}

}  // namespace fuzz
