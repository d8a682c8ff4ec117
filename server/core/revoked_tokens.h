#pragma once
// Credentials of identities that were revoked or deleted, the newest few, so that a refusal can say that a device uses
// an old one. In memory only. One thread.

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace device {

class RevokedTokens {
  public:
    struct Owner {
        std::string connector, identity;
    };

    void add(std::string_view connector, std::string_view identity, std::string_view key) {
        if (key.empty()) return;
        if (entries_.size() == most_kept) entries_.pop_front();
        entries_.push_back({{std::string(connector), std::string(identity)}, std::string(key)});
    }
    // nullptr: not one of this connector's.
    const Owner* find(std::string_view connector, std::string_view key) const {
        for (const auto& entry : entries_) {
            if (entry.key == key && entry.owner.connector == connector) return &entry.owner;
        }
        return nullptr;
    }

  private:
    static constexpr std::size_t most_kept = 256;
    struct Entry {
        Owner owner;
        std::string key;
    };
    std::deque<Entry> entries_;
};

}  // namespace device
