#pragma once
// Devices that are not needed now, kept in memory for a while: one that comes back soon, as after a lost connection, is
// not read from the store again. The newest stay, within a bound.

#include <cstddef>

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

namespace device {

struct Device;

// Owns none of them: the code that frees a device takes it out first.
class IdleDevices {
  public:
    static constexpr std::size_t most_devices = 4'096;
    static constexpr std::size_t most_bytes = 4 * 1024 * 1024;
    static constexpr std::size_t most_bytes_each = most_bytes / 64;  // a larger one would push out too many others

    bool put(Device& device);   // as the newest; false: too large
    void take(Device& device);  // no effect if it is not here
    void clear();

    // Takes out and returns a device beyond the bound; nullptr: none.
    Device* next_too_many();

    std::size_t size() const { return queue_.size(); }

  private:
    struct Entry {
        Device* device;
        std::size_t bytes;
    };
    struct by_device {};
    using Queue = boost::multi_index_container<
        Entry, boost::multi_index::indexed_by<
                   boost::multi_index::sequenced<>,  // oldest first
                   boost::multi_index::hashed_unique<boost::multi_index::tag<by_device>,
                                                     boost::multi_index::member<Entry, Device*, &Entry::device>>>>;

    Queue queue_;
    std::size_t bytes_ = 0;
};

}  // namespace device
