#pragma once
// What a reset has taken out of sight: events up to a cursor, of a connector, of one identity of it, or of all. Whoever
// reads blocks reads them through this. The blocks themselves stay until the journal's caps take them. One thread.

#include "server/journal/event_codec.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace journal {

class HiddenEvents {
  public:
    // Both names empty: everything; the identity empty: all of the connector. Never shows again what was hidden.
    void hide(std::string_view connector, std::string_view identity, std::int64_t last_cursor);
    void clear();

    // Everything up to here is hidden: reading may begin behind it.
    std::int64_t all_up_to() const { return all_; }
    // Nothing behind this is hidden.
    std::int64_t none_behind() const { return highest_; }
    bool hides(const Recorded& recorded) const;
    // Something of this connector is hidden: there has been such a connector.
    bool knows(std::string_view connector) const { return connectors_.find(connector) != connectors_.end(); }
    // The events of the block that may be seen; a damaged rest is left out.
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
