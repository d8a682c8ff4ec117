#include "server/verdict/checks/content_act.h"

#include "server/verdict/checks/content.h"

#include <chrono>
#include <optional>
#include <string>

namespace verdict {

namespace {

constexpr const char* check_the_bytes =
    "Compare length and checksum with what was announced, and fetch again what does not match. [R61]";

// An empty list, one item, and a hundred.
class ContentLists final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        if (asked_ && loses_connection(observation, desk))
            return desk.end(failed("Sent a list of " + std::string(lists[stage_]) + ", it lost its connection.",
                                   "Read the list as JSON of any length, and take what you know of it. [R60]"));
        if (!asks_for_list(observation)) return;
        const auto& payload = std::get<PublishCame>(observation.seen).packet.payload;
        if (!payload.empty())
            return desk.end(
                failed("It asked for content with a payload of " + std::to_string(payload.size()) + " bytes.",
                       "Publish to $content with an empty payload. [R60]"));
        if (asked_) return;
        asked_ = true;
        desk.wait("the device to take a list of " + std::string(lists[stage_]),
                  desk.now() + std::min(settles_within, desk.parameters().patience));
    }
    void at(Desk& desk) override {
        if (!asked_) return desk.end(not_run("The device did not ask for content."));
        if (++stage_ < std::size(lists)) return show(desk);
        desk.end(passed("It asked with an empty payload, and took lists of none, one and a hundred items."));
    }

  protected:
    void start(Desk& desk) override { show(desk); }

  private:
    static constexpr const char* lists[] = {"no items", "one item", "a hundred items"};

    void show(Desk& desk) {
        asked_ = false;
        desk.order(Disarm{});
        if (stage_ == 0) desk.order(Arm{R"({"kind":"content_list","as":"empty"})"});
        if (stage_ == 1) offer(desk);
        if (stage_ == 2) desk.order(Arm{R"({"kind":"content_list","as":"extra","count":99})"});
        make_it_look(desk, "the device to ask for content");
    }

    std::size_t stage_ = 0;
    bool asked_ = false;
};

// Whole, then truncated, then with a byte flipped: what is damaged must not be taken. That a device asks for the list
// again tells nothing, since many do so anyway.
class DamagedContent final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        const HttpAsked* asked = request(observation);
        if (!asked) return;
        if (damaged_) return next(desk);
        if (stage_ == 0) {
            if (fetched(*asked)) next(desk);
            return;
        }
        damaged_ = true;
        desk.order(Disarm{});
        desk.wait("the device to fetch again", desk.now() + comes_back_within(desk));
    }
    void at(Desk& desk) override {
        if (stage_ == 0) return desk.end(never_fetched());
        if (!damaged_) return desk.end(not_run("It fetched a whole item, and nothing that was damaged."));
        doubt_ = true;
        next(desk);
    }

  protected:
    void start(Desk& desk) override { show(desk); }

  private:
    void show(Desk& desk) {
        damaged_ = false;
        offer(desk);
        if (stage_ == 1)
            desk.order(Arm{fault("body_cut", ",\"times\":1,\"after_bytes\":" + std::to_string(bytes() / 2))});
        if (stage_ == 2) desk.order(Arm{fault("body_flip", ",\"times\":1")});
        make_it_look(desk, "the device to fetch the item");
    }
    void next(Desk& desk) {
        if (++stage_ < 3) return show(desk);
        if (doubt_)
            return desk.end(
                warned("Whether it took a damaged file cannot be told: it did not fetch it again.", check_the_bytes));
        desk.end(passed("It fetched a file whole, and fetched again what came truncated or damaged."));
    }
    Result never_fetched() const {
        return not_run("It did not fetch the file of " + std::to_string(bytes()) + " bytes that was offered.");
    }

    int stage_ = 0;
    bool damaged_ = false;
    bool doubt_ = false;
};

// Cut in the middle three times: it resumes or begins anew, not without a pause.
class CutDownload final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        const HttpAsked* asked = request(observation);
        if (!asked) return;
        if (cut_at_) pauses_.push_back(desk.now() - asked->took - *cut_at_);
        resumed_ |= asked->range_from > 0;
        if (fetched(*asked)) return desk.end(verdict());
        cut_at_ = desk.now();
        desk.wait("the device to go on with its download", desk.now() + comes_back_within(desk));
    }
    void at(Desk& desk) override {
        if (!cut_at_) return desk.end(not_run("It did not fetch the item that was offered."));
        if (pauses_.size() >= cuts && !tight())
            return desk.end(warned(
                "Its download was cut " + std::to_string(cuts) + " times, and it gave up before the item was whole.",
                "Go on where it was cut (Range), or begin anew, with a growing pause. [R61]"));
        desk.end(failed("Its download was cut in the middle, and it did not fetch the rest.",
                        "Go on where it was cut (Range), or begin anew, with a growing pause. [R61]"));
    }

  protected:
    void start(Desk& desk) override {
        offer(desk);
        desk.order(Arm{fault(
            "body_cut", ",\"times\":" + std::to_string(cuts) + ",\"after_bytes\":" + std::to_string(bytes() / 4))});
        make_it_look(desk, "the device to fetch the item");
    }

  private:
    static constexpr std::size_t cuts = 3;
    static constexpr Moment no_pause = std::chrono::milliseconds(100);

    bool tight() const {
        return !pauses_.empty() && std::ranges::all_of(pauses_, [](Moment pause) { return pause < no_pause; });
    }
    Result verdict() const {
        const std::string how = resumed_ ? "went on where it was cut" : "began anew";
        if (pauses_.empty()) return not_run("Its download was not cut.");
        const Moment shortest = std::ranges::min(pauses_);
        Result result = tight() ? failed("Its download was cut " + std::to_string(pauses_.size()) + " times, and it " +
                                             how + " each time within " + seconds_text(no_pause) + ".",
                                         "Pause before a download is tried again, and double the pause.")
                                : passed("Cut in the middle, it " + how + " and had the item in the end.");
        result.measured = {{"shortest_pause_s", seconds(shortest)},
                           {"longest_pause_s", seconds(std::ranges::max(pauses_))}};
        return result;
    }

    std::optional<Moment> cut_at_;
    std::vector<Moment> pauses_;
    bool resumed_ = false;
};

}  // namespace

std::unique_ptr<Act> act_content_lists() {
    return std::make_unique<ContentLists>();
}
std::unique_ptr<Act> act_damaged_content() {
    return std::make_unique<DamagedContent>();
}
std::unique_ptr<Act> act_cut_download() {
    return std::make_unique<CutDownload>();
}

}  // namespace verdict
