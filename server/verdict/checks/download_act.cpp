#include "server/verdict/checks/content.h"
#include "server/verdict/checks/content_act.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace verdict {

namespace {

using std::chrono::seconds;

struct Refusal {
    const char* keys;  // of the fault
    const char* what;
    Moment retry_after;  // that it must keep; 0: none was given
};

constexpr Refusal refusals[] = {
    {",\"status\":403", "403 (its link has expired)", Moment{0}},
    {",\"status\":404", "404", Moment{0}},
    {",\"status\":500", "500", Moment{0}},
    {",\"status\":503,\"retry_after_s\":5", "503 with Retry-After 5", seconds(5)},
    {",\"status\":302,\"location\":\"/murano-verdict-elsewhere\"", "302", Moment{0}},
};

// The download is refused: it asks for the list again or backs off, and keeps Retry-After.
class RefusedDownload final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        const HttpAsked* asked = request(observation);
        if (!asked) return;
        const Refusal& now = refusals[stage_];
        const Moment began = desk.now() - asked->took;
        begins_.push_back(began);
        if (!first_) {
            first_ = desk.now();
            desk.wait("the device to try too soon, after " + std::string(now.what), desk.now() + loop_window);
        } else if (began - *first_ < now.retry_after) {
            return desk.end(failed(
                "Answered " + std::string(now.what) + ", it asked again after " + seconds_text(began - *first_) + ".",
                "Wait as long as Retry-After says before the next request."));
        }
        if (!loop_.add(began) || backs_off_now()) return;
        desk.end(failed("Answered " + std::string(now.what) + ", it asked for the same item " +
                            std::to_string(loop_.count()) + " times within " + seconds_text(loop_window) + ".",
                        "Ask for the list again with $content, or double the pause before the next request."));
    }
    void at(Desk& desk) override {
        if (!first_)
            return desk.end(stage_ == 0
                                ? not_run("It did not fetch the item that was offered.")
                                : warned("After its download was answered " + std::string(refusals[stage_ - 1].what) +
                                             " it fetched nothing any more.",
                                         "Look for content again after a pause, whatever happened before."));
        if (++stage_ < std::size(refusals)) return refuse(desk);
        desk.end(passed("Refused in five ways, it did not ask again too soon."));
    }

  protected:
    void start(Desk& desk) override { refuse(desk); }

  private:
    // A pause that began with a second and doubles comes four times within the window.
    bool backs_off_now() const {
        const Moment first = begins_[1] - begins_[0];
        const Moment last = begins_.back() - begins_[begins_.size() - 2];
        return last >= seconds(1) && last * 2 >= first * 3;
    }
    void refuse(Desk& desk) {
        first_.reset();
        begins_.clear();
        loop_.clear();
        desk.order(Disarm{});
        offer(desk);
        desk.order(Arm{fault("http_status", refusals[stage_].keys)});
        make_it_look(desk, "the device to fetch the item");
    }

    std::size_t stage_ = 0;
    std::optional<Moment> first_;
    std::vector<Moment> begins_;
    Loop loop_{loop_window, loop_limit};
};

// Half a minute for one item: meanwhile its MQTT connection lives on.
class SlowDownload final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        if (hits(observation, "body_slow") && !began_) {
            began_ = desk.now();
            desk.wait("the slow download to end", desk.now() + 2 * lasts + desk.parameters().patience);
        }
        if (began_ && loses_connection(observation, desk))
            return desk.end(failed(
                "In a slow download, after " + seconds_text(desk.now() - *began_) + ", it lost its MQTT connection.",
                "Send PINGREQ while a download goes on: read it in pieces. [MQTT-3.1.2-23]"));
        const HttpAsked* asked = request(observation);
        if (!asked || !began_) return;
        // A device that fetches in pieces goes on.
        if (asked->whole && !fetched(*asked)) return;
        desk.end(asked->whole ? passed("It kept its MQTT connection in a download of " +
                                       seconds_text(desk.now() - *began_) + ".")
                              : gave_up(desk));
    }
    void at(Desk& desk) override {
        if (!began_) return desk.end(not_run("It did not fetch the item that was offered."));
        desk.end(gave_up(desk));
    }

  protected:
    void start(Desk& desk) override {
        offer(desk);
        const auto rate = std::max<std::uint64_t>(1, bytes() / static_cast<std::uint64_t>(lasts / seconds(1)));
        desk.order(Arm{fault("body_slow", ",\"bytes_per_s\":" + std::to_string(rate))});
        make_it_look(desk, "the device to fetch the item");
    }

  private:
    static constexpr Moment lasts = seconds(30);

    Result gave_up(const Desk& desk) const {
        return warned("It gave up a slow download after " + seconds_text(desk.now() - *began_) +
                          ", and kept its MQTT connection.",
                      "As long as bytes come, let a download take minutes: mobile networks are that slow.");
    }

    std::optional<Moment> began_;
};

// The power goes in a download: the item is fetched again; and one that is there already, or is far too large, is not
// fetched in a loop.
class PowerlessDownload final : public ContentAct {
  public:
    void on(const Observation& observation, Desk& desk) override {
        if (answers_hook(observation, "power_cycle") && stage_ == Stage::cut) return power_back(desk);
        if (hits(observation, "body_slow") && stage_ == Stage::fetching) {
            stage_ = Stage::cut;
            desk.order(CallHook{"power_cycle"});
            return desk.wait("the power cycle", desk.now() + desk.parameters().patience);
        }
        const bool back = stage_ == Stage::booting && logs_in(observation);
        if (back) {
            stage_ = Stage::again;
            make_it_look(desk, "the device to fetch the item again");
        }
        const HttpAsked* asked = request(observation);
        if (!asked || stage_ < Stage::again) return;
        if (stage_ == Stage::again) {
            if (fetched(*asked)) watch(Stage::same, desk);
            return;
        }
        if (loop_.add(desk.now() - asked->took)) desk.end(in_a_loop());
    }
    void at(Desk& desk) override {
        switch (stage_) {
            case Stage::fetching:
                return desk.end(not_run("It did not fetch the item that was offered."));
            case Stage::cut:
                return desk.end(not_run("The power cycle was not answered."));
            case Stage::booting:
                return desk.end(failed("After a power cut in a download it did not come back.",
                                       "Start from any state of the file that a power cut can leave."));
            case Stage::again:
                return desk.end(failed("After a power cut in a download it did not fetch the item again.",
                                       "Mark an item as done only when it is whole, and look for it after a start."));
            case Stage::same:
                return too_large(desk);
            case Stage::large:
                break;
        }
        desk.end(passed("After a power cut in a download it fetched the item again, and nothing in a loop."));
    }

  protected:
    void start(Desk& desk) override {
        offer(desk);
        desk.order(
            Arm{fault("body_slow", ",\"bytes_per_s\":" + std::to_string(std::max<std::uint64_t>(1, bytes() / 10)))});
        make_it_look(desk, "the device to fetch the item");
    }

  private:
    enum class Stage : std::uint8_t { fetching, cut, booting, again, same, large };
    static constexpr std::uint64_t far_too_large = 64U * 1024U * 1024U;

    void power_back(Desk& desk) {
        stage_ = Stage::booting;
        desk.order(Disarm{});
        desk.wait("the device to come back", desk.now() + comes_back_within(desk));
    }
    void watch(Stage stage, Desk& desk) {
        stage_ = stage;
        loop_.clear();
        if (desk.has_hook("update")) desk.order(CallHook{"update"});
        desk.wait(stage == Stage::same ? "a loop of downloads of the same item" : "a loop of downloads of a large item",
                  desk.now() + loop_window);
    }
    void too_large(Desk& desk) {
        offer(desk, far_too_large);
        watch(Stage::large, desk);
    }
    Result in_a_loop() const {
        const std::string what = stage_ == Stage::same ? "An item that it had already" : "An item of 64 MiB";
        return failed(what + " was asked for " + std::to_string(loop_.count()) + " times within " +
                          seconds_text(loop_window) + ".",
                      "Look at name and length in the list before an item is fetched, and remember what failed.");
    }

    Stage stage_ = Stage::fetching;
    Loop loop_{loop_window, loop_limit};
};

}  // namespace

std::unique_ptr<Act> act_refused_download() {
    return std::make_unique<RefusedDownload>();
}
std::unique_ptr<Act> act_slow_download() {
    return std::make_unique<SlowDownload>();
}
std::unique_ptr<Act> act_powerless_download() {
    return std::make_unique<PowerlessDownload>();
}

}  // namespace verdict
