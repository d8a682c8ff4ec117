#pragma once
// Notes changes to a connector's identities while other code works through a long list of them in slices. Loop thread
// only.

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace device {

class IdentityWatches;

class IdentityWatch {
  public:
    IdentityWatch(IdentityWatches& watches, std::string_view connector);
    ~IdentityWatch();
    IdentityWatch(const IdentityWatch&) = delete;
    IdentityWatch& operator=(const IdentityWatch&) = delete;

    // Created, changed or removed since the watch began.
    const std::unordered_set<std::string>& touched() const { return touched_; }
    // Anything may be different: the connector's settings, or all of its identities.
    bool all_changed() const { return all_changed_; }
    void begin_anew() {
        touched_.clear();
        all_changed_ = false;
    }

  private:
    friend class IdentityWatches;
    IdentityWatches& watches_;
    std::string connector_;
    std::unordered_set<std::string> touched_;
    bool all_changed_ = false;
};

class IdentityWatches {
  public:
    void touched(std::string_view connector, std::string_view identity) {
        for (auto* watch : watches_) {
            if (watch->connector_ == connector) watch->touched_.emplace(identity);
        }
    }
    // An empty connector means all.
    void all_changed(std::string_view connector) {
        for (auto* watch : watches_) {
            if (connector.empty() || watch->connector_ == connector) watch->all_changed_ = true;
        }
    }

  private:
    friend class IdentityWatch;
    std::vector<IdentityWatch*> watches_;
};

inline IdentityWatch::IdentityWatch(IdentityWatches& watches, std::string_view connector)
    : watches_(watches), connector_(connector) {
    watches_.watches_.push_back(this);
}

inline IdentityWatch::~IdentityWatch() {
    std::erase(watches_.watches_, this);
}

}  // namespace device
