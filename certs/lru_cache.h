#pragma once
// A bounded map from text that drops the least recently used entry. One thread at a time.

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace certs {

template <typename Value>
class LruCache {
  public:
    explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

    // nullptr: absent. The pointer is valid until the next put().
    const Value* find(std::string_view key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->second;
    }

    void put(std::string_view key, Value value) {
        if (const auto found = index_.find(key); found != index_.end()) {
            found->second->second = std::move(value);
            entries_.splice(entries_.begin(), entries_, found->second);
            return;
        }
        entries_.emplace_front(std::string(key), std::move(value));
        index_.emplace(entries_.front().first, entries_.begin());
        if (entries_.size() > capacity_) drop_oldest();
    }

    std::size_t size() const { return entries_.size(); }

  private:
    using Entries = std::list<std::pair<std::string, Value>>;

    void drop_oldest() {
        index_.erase(entries_.back().first);
        entries_.pop_back();
    }

    std::size_t capacity_;
    Entries entries_;                                                         // most recently used first
    std::unordered_map<std::string_view, typename Entries::iterator> index_;  // keys live in entries_
};

}  // namespace certs
