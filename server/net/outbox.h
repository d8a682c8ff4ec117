#pragma once
// A connection's unsent output. Bytes leave in order, each not before its gate is committed. [R25a] Pure: no socket, no
// clock. One thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace net {

class Outbox {
  public:
    // `gate`: the commit sequence to wait for; if it is below an earlier one, it waits for that one.
    void append(std::string_view bytes, std::uint64_t gate);
    // What may be sent once everything up to `committed` is committed. Valid until the next non-const call.
    std::string_view sendable(std::uint64_t committed);
    void sent(std::size_t bytes);
    // Discards all unsent bytes, after a failed commit.
    void discard();
    // Discards only what waits for a commit after `committed` up to `failed`, and everything after it. True: there was
    // some.
    bool discard_gated(std::uint64_t committed, std::uint64_t failed);

    std::size_t size() const { return bytes_.size() - head_; }
    bool empty() const { return size() == 0; }

  private:
    struct Mark {
        std::uint64_t gate;
        std::size_t bytes;  // after the earlier mark
    };

    std::string bytes_;
    std::size_t head_ = 0;      // of bytes_, already sent
    std::size_t released_ = 0;  // after head_, their gates committed
    std::vector<Mark> marks_;   // for the bytes after those
    std::size_t first_mark_ = 0;
};

}  // namespace net
