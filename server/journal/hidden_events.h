#pragma once
// Events that a reset hid: up to a cursor, of a connector, one of its identities, or all. Blocks are always read
// through it. The blocks themselves stay until the journal's caps remove them. One thread.

#include "server/journal/event_codec.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace journal {

class HiddenEvents {
  public:
    // Both names empty: everything; only the identity empty: the whole connector. Hidden events are never shown again.
    void hide(std::string_view connector, std::string_view identity, std::int64_t last_cursor);
    void clear();

    // Everything up to this cursor is hidden: reading may begin after it.
    std::int64_t all_up_to() const { return all_; }
    // Nothing after this cursor is hidden.
    std::int64_t none_behind() const { return highest_; }
    bool hides(const Recorded& recorded) const;
    // Events of this connector are hidden, so it has existed.
    bool knows(std::string_view connector) const { return connectors_.find(connector) != connectors_.end(); }
    // The visible events of the block; a damaged rest is left out.
    std::string visible(std::string_view block) const;

  private:
    std::int64_t all_ = 0;
    std::int64_t highest_ = 0;
    struct Marks {
        std::int64_t all = 0;  // of the connector
        std::map<std::string, std::int64_t, std::less<>> identities;
    };
    std::map<std::string, Marks, std::less<>> connectors_;
};

}  // namespace journal
