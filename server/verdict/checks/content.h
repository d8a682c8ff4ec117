#pragma once
// What the content acts share: items that are offered, and a device that is made to look for them. One thread.

#include "server/verdict/checks/act_tools.h"

#include <optional>
#include <string>

namespace verdict {

inline constexpr const char* content_item = "murano-verdict";

inline bool asks_for_list(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    return publish && publish->packet.topic == "$content";
}

class ContentAct : public Act {
  public:
    void begin(Desk& desk) final {
        // Another name than that of any act before, in this run or an earlier one: what a device has, it need not
        // fetch.
        prefix_ = content_item + std::string("-") + std::to_string(desk.now().count()) + "-";
        if (!desk.habits().asks_content() && !desk.has_hook("update"))
            return desk.end(not_run("The device never asks for content, and there is no hook 'update'."));
        start(desk);
    }

  protected:
    virtual void start(Desk& desk) = 0;

    // A new item each time: one that was fetched already is not fetched again. The one before it is withdrawn.
    void offer(Desk& desk, std::uint64_t bytes) {
        withdraw(desk);
        item_ = prefix_ + std::to_string(++items_);
        bytes_ = bytes;
        desk.order(OfferContent{item_, bytes});
    }
    void offer(Desk& desk) { offer(desk, desk.parameters().content_bytes); }
    void withdraw(Desk& desk) {
        if (!item_.empty()) desk.order(WithdrawContent{item_});
        item_.clear();
    }
    // The device looks for content by itself, or is told to.
    void make_it_look(Desk& desk, const std::string& waits_for) {
        if (desk.has_hook("update")) desk.order(CallHook{"update"});
        desk.wait(waits_for, desk.now() + comes_back_within(desk));
    }
    // A request for the item that is offered; nullptr: it is something else.
    const HttpAsked* request(const Observation& observation) const {
        const auto* asked = std::get_if<HttpAsked>(&observation.seen);
        return asked && !item_.empty() && asked->item == item_ && asked->method != "HEAD" ? asked : nullptr;
    }
    // With this request the device has the item to its end.
    bool fetched(const HttpAsked& asked) const {
        return asked.whole && (asked.status == 200 || asked.status == 206) &&
               asked.range_from + asked.body_bytes >= bytes_;
    }
    std::string fault(const std::string& kind, const std::string& keys) const {
        return R"({"kind":")" + kind + R"(","name":")" + item_ + "\"" + keys + "}";
    }
    const std::string& item() const { return item_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    std::string prefix_;
    std::string item_;
    std::uint64_t bytes_ = 0;
    int items_ = 0;
};

}  // namespace verdict
