#include "server/core/idle_devices.h"

#include "server/core/device.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using device::Device;
using device::IdleDevices;

std::unique_ptr<Device> make_device(std::size_t value_bytes = 0) {
    auto device = std::make_unique<Device>();
    if (value_bytes > 0) device->values["a"].row.reported = std::string(value_bytes, 'x');
    return device;
}

std::vector<Device*> all_too_many(IdleDevices& idle) {
    std::vector<Device*> gone;
    while (auto* device = idle.next_too_many()) gone.push_back(device);
    return gone;
}

}  // namespace

TEST_CASE("beyond the number of devices the oldest goes first") {
    IdleDevices idle;
    std::vector<std::unique_ptr<Device>> devices;
    for (std::size_t count = 0; count < IdleDevices::most_devices + 2; ++count) {
        devices.push_back(make_device());
        REQUIRE(idle.put(*devices.back()));
    }
    CHECK(all_too_many(idle) == std::vector{devices[0].get(), devices[1].get()});
    CHECK(idle.size() == IdleDevices::most_devices);
    CHECK(idle.next_too_many() == nullptr);
}

TEST_CASE("a device that was used meanwhile is the newest again") {
    IdleDevices idle;
    std::vector<std::unique_ptr<Device>> devices;
    for (std::size_t count = 0; count < IdleDevices::most_devices; ++count) {
        devices.push_back(make_device());
        REQUIRE(idle.put(*devices.back()));
    }
    idle.take(*devices[0]);
    idle.take(*devices[0]);  // not there any more
    const auto extra = make_device();
    REQUIRE(idle.put(*extra));
    REQUIRE(idle.put(*devices[0]));
    CHECK(all_too_many(idle) == std::vector{devices[1].get()});
}

TEST_CASE("devices count by what they hold; a large one is not kept at all") {
    IdleDevices idle;
    const auto large = make_device(IdleDevices::most_bytes_each);
    CHECK_FALSE(idle.put(*large));
    CHECK(idle.size() == 0);
    std::vector<std::unique_ptr<Device>> devices;
    while (idle.next_too_many() == nullptr) {
        devices.push_back(make_device(IdleDevices::most_bytes_each / 2));
        REQUIRE(idle.put(*devices.back()));
        REQUIRE(devices.size() < 1'000);
    }
    CHECK(devices.size() > 64);
    CHECK(devices.size() < 129);
    idle.clear();
    CHECK(idle.size() == 0);
    REQUIRE(idle.put(*devices[0]));
    CHECK(idle.next_too_many() == nullptr);  // the bytes were forgotten with the devices
}

TEST_CASE("a device that grew is weighed anew") {
    IdleDevices idle;
    const auto device = make_device();
    REQUIRE(idle.put(*device));
    device->values["a"].row.reported = std::string(IdleDevices::most_bytes_each, 'x');
    CHECK_FALSE(idle.put(*device));
    CHECK(idle.size() == 0);
}
