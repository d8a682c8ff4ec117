#pragma once
// Shared by the content acts: items to offer, and ways to make the device look for them. One thread.

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
        // A name that no act used before, in this run or an earlier one: a device need not fetch what it has.
        prefix_ = content_item + std::string("-") + std::to_string(desk.now().count()) + "-";
        if (!desk.habits().asks_content() && !desk.has_hook("update"))
            return desk.end(not_run("The device never asks for content, and there is no hook 'update'."));
        start(desk);
    }

  protected:
    virtual void start(Desk& desk) = 0;

    // A new item each time, because a device does not fetch the same one again. Withdraws the previous one.
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
    // The device looks for content by itself, or because of the hook.
    void make_it_look(Desk& desk, const std::string& waits_for) {
        if (desk.has_hook("update")) desk.order(CallHook{"update"});
        desk.wait(waits_for, desk.now() + comes_back_within(desk));
    }
    // A request for the offered item; nullptr: something else.
    const HttpAsked* request(const Observation& observation) const {
        const auto* asked = std::get_if<HttpAsked>(&observation.seen);
        return asked && !item_.empty() && asked->item == item_ && asked->method != "HEAD" ? asked : nullptr;
    }
    // True: with this request the device has the whole item.
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
