#pragma once
// What a connection has yet to send. Bytes leave in order, each not before the commit sequence that gates it. [R25a]
// Pure: no socket, no clock. One thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace net {

class Outbox {
  public:
    // `gate`: commit sequence that must have passed; a gate below an earlier one waits behind that one.
    void append(std::string_view bytes, std::uint64_t gate);
    // What may be sent when everything up to `committed` is committed. Valid until the next call of a non-const member.
    std::string_view sendable(std::uint64_t committed);
    void sent(std::size_t bytes);
    // Throws away everything that is not sent, after a failed commit.
    void discard();
    // Only what waits for one of the commits behind `committed` up to `failed`, and what is behind that. True: there
    // was such.
    bool discard_gated(std::uint64_t committed, std::uint64_t failed);

    std::size_t size() const { return bytes_.size() - head_; }
    bool empty() const { return size() == 0; }

  private:
    struct Mark {
        std::uint64_t gate;
        std::size_t bytes;  // behind the earlier mark
    };

    std::string bytes_;
    std::size_t head_ = 0;      // of bytes_, already sent
    std::size_t released_ = 0;  // behind head_, whose gates have passed
    std::vector<Mark> marks_;   // of what is behind those
    std::size_t first_mark_ = 0;
};

}  // namespace net
