#pragma once
// The content that a device knows and has: it fetches listed items it does not have, one after the other, and resumes a
// download that was cut. [R60], [R61] Pure.

#include "server/simulator/backoff.h"
#include "server/simulator/moment.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace simulator {

struct DownloadOrder {
    std::string url;
    std::uint64_t offset = 0;  // bytes already fetched
    std::uint64_t length = 0;  // of the whole item
};

enum class DownloadEnd : std::uint8_t {
    whole,
    cut,      // resumed after a pause
    refused,  // by its status: the link may have expired
};

class ContentShelf {
  public:
    ContentShelf(Span first_pause, Span max_pause) : backoff_(first_pause, max_pause) {}

    // The payload of a message on $content. False: it is not a list.
    bool take_list(std::string_view json);

    // The next item to fetch; marks it as being fetched.
    std::optional<DownloadOrder> next(Steady now);
    // `got`: bytes of the item fetched so far, earlier attempts included.
    void ended(DownloadEnd end, std::uint64_t got, Steady now, Chance& chance);

    // When next() may return an item, or when to ask for a list; nullopt: not before the next list.
    std::optional<Steady> next_try() const;
    // A link was refused: a new list has new links.
    bool wants_list() const { return links_ == Links::refused; }
    void asked() {
        if (links_ == Links::refused) links_ = Links::asked_for;
    }

  private:
    struct Item {
        std::string name, url;
        std::uint64_t length = 0, got = 0;
    };

    enum class Links : std::uint8_t { good, refused, asked_for };

    Backoff backoff_;
    std::deque<Item> wanted_;  // at most most_wanted
    std::set<std::string> had_;
    Steady not_before_{};
    Links links_ = Links::good;
    bool fetching_ = false;
};

}  // namespace simulator
