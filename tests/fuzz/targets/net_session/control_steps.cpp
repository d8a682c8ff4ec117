// What the control API is asked for. As in the server, a handler runs when all that came before is committed.

#include "server/journal/event_codec.h"
#include "tests/fuzz/targets/net_session/steps.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <array>
#include <string>

namespace fuzz::session {
namespace {

// The device in the model, where the model knows.
Device* known(World& world, const Owner& owner) {
    world.touch(owner);
    return world.sure() ? world.model().find(owner) : nullptr;
}

// Where the model is sure, an identity is there exactly when it is in the model.
void require_found(World& world, const Owner& owner, const device::Failure& failure) {
    if (!world.sure()) return;
    require(failure ? failure->kind == device::ErrorKind::not_found && world.model().find(owner) == nullptr
                    : world.model().find(owner) != nullptr);
}

void cloud_set(World& world, const Owner& owner, std::size_t which, std::size_t what) {
    constexpr std::array<std::string_view, 4> texts{"5", "true", "abc", ""};
    const auto& resource = resources[which % std::size(resources)];
    constexpr std::array kinds{device::JsonKind::number, device::JsonKind::boolean, device::JsonKind::string};
    std::string text(texts.at(what % texts.size()));
    if (text.empty()) text = world.judge().new_payload(owner);
    const auto kind = kinds.at(std::min<std::size_t>(what % texts.size(), 2));
    const std::string alias(resource.alias);
    const auto failure = world.control().set_state(owner.first, owner.second, {{alias, kind, text}});
    if (failure && failure->kind == device::ErrorKind::not_found) return require_found(world, owner, failure);
    require(!failure || failure->kind == device::ErrorKind::bad_value ||
            failure->kind == device::ErrorKind::not_settable);
    require(failure || resource.settable);
    const bool taken = resource.settable && (resource.kind == Resource::Kind::text || fits(resource, text) == true);
    require(failure.has_value() != taken || resource.kind == Resource::Kind::boolean);
    if (failure) return;
    if (auto* device = known(world, owner)) device->set(resource, text);
    const auto topic = "$resource/" + alias + "/" + std::to_string(world.wall_now(owner.first));
    world.judge().require_copies(owner, topic, text);
}

void cloud_publish(World& world, const Owner& owner) {
    const auto payload = world.judge().new_payload(owner);
    require_found(world, owner, world.control().publish(owner.first, owner.second, "t/1", payload));
    world.judge().require_copies(owner, "t/1", payload);
}

void lock(World& world, const Owner& owner, bool locked) {
    device::IdentityChange change;
    change.locked = locked;
    const auto failure = world.control().patch_identity(owner.first, owner.second, change);
    require_found(world, owner, failure);
    world.judge().note_endings();
    if (locked && !failure) world.judge().require_closed(owner);
    if (auto* device = known(world, owner)) device->locked = locked;
}

void revoke(World& world, const Owner& owner) {
    device::IdentityChange change;
    change.auth_expire_us = 0;
    const auto failure = world.control().patch_identity(owner.first, owner.second, change);
    require_found(world, owner, failure);
    world.judge().note_endings();
    if (!failure) world.judge().require_closed(owner);
    auto* device = known(world, owner);
    if (device == nullptr) return;
    device->key.clear();
    device->token = false;
    device->sessions.clear();
}

void remove(World& world, const Owner& owner, bool by_reset) {
    auto& control = world.control();
    const auto failure =
        by_reset ? control.reset(owner.first, owner.second) : control.delete_identity(owner.first, owner.second);
    require_found(world, owner, failure);
    world.judge().note_endings();
    world.judge().require_closed(owner);
    world.touch(owner);
    if (world.sure()) world.model().devices.erase(owner);
}

void remove_all(World& world, const std::string& connector, bool by_reset) {
    auto& control = world.control();
    const auto failure = by_reset ? control.reset(connector, {}) : control.delete_connector(connector);
    require(!failure || failure->kind == device::ErrorKind::not_found);
    world.judge().note_endings();
    for (const auto identity : identities) {
        const Owner owner{connector, std::string(identity)};
        world.judge().require_closed(owner);
        world.touch(owner);
    }
    if (world.sure()) world.model().erase_connector(connector);
    require(!control.connector_exists(connector));
}

void give_key(World& world, const Owner& owner) {
    device::IdentityChange change;
    const bool token = owner.first == "local";
    const auto key = "0123456789-0123456789-" + world.judge().new_payload(owner);
    change.auth_type = token ? "token" : "password";
    change.auth_key = key;
    const auto failure = world.control().put_identity(owner.first, owner.second, change);
    world.touch(owner);
    if (!world.sure()) return;
    auto& model = world.model();
    const bool room = model.find(owner) != nullptr || model.count(owner.first) < most_identities;
    require(failure.has_value() != room && (!failure || failure->kind == device::ErrorKind::full));
    if (failure) return;
    auto& device = model.find(owner) != nullptr ? *model.find(owner) : model.make(owner);
    device.key = key;
    device.token = token;
}

void close_one(World& world, std::size_t place) {
    auto& client = world.clients().at(place % 4);
    if (!client) return;
    const bool was_open = client->connected();
    require(world.control().close_connection(client->link().facts.connection_id) == was_open);
    require(!client->connected());
}

void move_clock(World& world, const std::string& connector, std::size_t choice) {
    constexpr std::array<std::int64_t, 4> hours{1, 25, -3, -100};
    require(!world.control().advance_clock(connector, hours.at(choice % 4) * 3'600'000'000));
}

// Nothing that is listed is damaged, and each list is what the model has.
void look(World& world) {
    for (const auto& block : world.control().journal_blocks(0, 1000)) {
        journal::EventReader reader(block.bytes);
        while (reader.next()) {
        }
        require(!reader.damaged());
    }
    std::size_t open = 0;
    for (const auto& client : world.clients()) open += client && client->connected() ? 1U : 0U;
    require(world.control().connections().size() == open);
}

void run(World& world, std::size_t what, const Owner& owner, std::size_t how) {
    switch (what) {
        case 0:
            return lock(world, owner, how % 2 == 0);
        case 1:
            return revoke(world, owner);
        case 2:
            return remove(world, owner, how % 2 == 0);
        case 3:
            return how % 8 == 0 ? remove_all(world, owner.first, how % 16 == 0) : look(world);
        case 4:
        case 5:
            return give_key(world, owner);
        case 6:
            return cloud_publish(world, owner);
        case 7:
            return close_one(world, how);
        case 8:
            return move_clock(world, owner.first, how);
        default:
            return cloud_set(world, owner, how, how / 4);
    }
}

}  // namespace

void control_step(World& world, Bytes& bytes) {
    const auto what = bytes.below(12);
    const auto owner = choose_owner(bytes);
    const auto how = bytes.next();
    world.when_committed([&world, what, owner, how] {
        world.make_connector(owner.first);
        run(world, what, owner, how);
    });
}

}  // namespace fuzz::session
