#include "server/core/idle_devices.h"

#include "server/core/device.h"
#include "storage/row_size.h"

namespace device {
namespace {

constexpr std::size_t bytes_of_node = 64;  // of a map or a list, about

// About; the allocator's share is not counted.
std::size_t size_of(const Device& device) {
    std::size_t size = sizeof device + bytes_of_node + storage::text_size(device.row);
    for (const auto& [alias, slot] : device.values) {
        size += bytes_of_node + sizeof slot + alias.size() + storage::text_size(slot.row);
    }
    for (const auto& session : device.sessions) size += sizeof session + storage::text_size(session);
    return size;
}

}  // namespace

bool IdleDevices::put(Device& device) {
    take(device);
    const auto bytes = size_of(device);
    if (bytes > most_bytes_each) return false;
    queue_.push_back({&device, bytes});
    bytes_ += bytes;
    return true;
}

void IdleDevices::take(Device& device) {
    auto& devices = queue_.get<by_device>();
    const auto found = devices.find(&device);
    if (found == devices.end()) return;
    bytes_ -= found->bytes;
    devices.erase(found);
}

void IdleDevices::clear() {
    queue_.clear();
    bytes_ = 0;
}

Device* IdleDevices::next_too_many() {
    if (queue_.size() <= most_devices && bytes_ <= most_bytes) return nullptr;
    auto* oldest = queue_.front().device;
    take(*oldest);
    return oldest;
}

}  // namespace device
