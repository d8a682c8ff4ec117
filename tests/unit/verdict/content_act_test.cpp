#include "server/verdict/checks/content_act.h"

#include "tests/unit/verdict/turn.h"

#include <chrono>
#include <string>

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

constexpr std::uint64_t size = 65'536;

Turn looking(std::unique_ptr<verdict::Act> act) {
    Turn told(std::move(act));
    told.before(Turn::publish("$content")).begin();
    return told;
}

// A request for the item that was offered last.
Turn& fetch(Turn& told, std::uint64_t bytes = size, bool whole = true, std::uint64_t from = 0, int status = 200) {
    const std::string item = told.last<verdict::OfferContent>().name;
    return told.see(7, verdict::HttpAsked{.method = "GET",
                                          .item = item,
                                          .status = from > 0 ? 206 : status,
                                          .range_from = from,
                                          .body_bytes = bytes,
                                          .whole = whole});
}
Turn& refuse(Turn& told, int status) {
    return fetch(told, 0, true, 0, status);
}

}  // namespace

TEST_CASE("CNT checks are not run where the device never asks, and call the hook where there is one") {
    for (const auto make :
         {verdict::act_content_lists, verdict::act_damaged_content, verdict::act_cut_download,
          verdict::act_refused_download, verdict::act_slow_download, verdict::act_powerless_download}) {
        CHECK(Turn(make()).begin().outcome() == Outcome::not_run);
        Turn told(make());
        told.hooks({"update"}).begin();
        CHECK(told.last<verdict::CallHook>().name == "update");
        CHECK(told.in_vain().outcome() == Outcome::not_run);
    }
}

TEST_CASE("CNT-01 lists of none, one and a hundred items are taken") {
    Turn told = looking(verdict::act_content_lists());
    CHECK(told.faults().back() == R"({"kind":"content_list","as":"empty"})");
    told.see(1, Turn::publish("$content")).in_vain();
    CHECK(told.count<verdict::OfferContent>() == 1);
    told.see(1, Turn::publish("$content")).in_vain();
    CHECK(told.faults().back() == R"({"kind":"content_list","as":"extra","count":99})");
    CHECK(told.see(1, Turn::publish("$content")).in_vain().outcome() == Outcome::passed);
}

TEST_CASE("CNT-01 a payload fails, and so does a connection that a list ends") {
    CHECK(looking(verdict::act_content_lists()).see(1, Turn::publish("$content", "x")).outcome() == Outcome::failed);
    Turn lost = looking(verdict::act_content_lists());
    CHECK(lost.see(1, Turn::publish("$content")).see(1, verdict::Closed{}).outcome() == Outcome::failed);
    CHECK(lost.result().message == "Sent a list of no items, it lost its connection.");
}

TEST_CASE("CNT-02 whole, truncated, damaged: what was damaged is fetched again") {
    Turn told = looking(verdict::act_damaged_content());
    fetch(told);
    CHECK(told.faults().back() ==
          R"({"kind":"body_cut","name":"murano-verdict-1000000-2","times":1,"after_bytes":32768})");
    fetch(fetch(told, size / 2, false));
    CHECK(told.faults().back() == R"({"kind":"body_flip","name":"murano-verdict-1000000-3","times":1})");
    fetch(told).see(1, Turn::publish("$content"));
    CHECK_FALSE(told.over());
    CHECK(fetch(told).outcome() == Outcome::passed);
    CHECK(told.count<verdict::WithdrawContent>() == 2);
}

TEST_CASE("CNT-02 a file in two ranges is whole, and what cannot be told warns") {
    Turn told = looking(verdict::act_damaged_content());
    fetch(told, size / 2, true, 0, 206);
    CHECK(told.count<verdict::OfferContent>() == 1);
    fetch(told, size / 2, true, size / 2);
    CHECK(told.count<verdict::OfferContent>() == 2);
    fetch(told, size / 2, false).in_vain();
    fetch(told).see(1, Turn::publish("$content"));
    CHECK(told.in_vain().outcome() == Outcome::warned);
}

TEST_CASE("CNT-03 cut in the middle: resumed after a pause passes, at once each time fails") {
    const auto cut = [](turn::Moment pause) {
        Turn told = looking(verdict::act_cut_download());
        fetch(told, size / 4, false);
        fetch(told.wait(pause), size / 4, false, size / 4);
        fetch(told.wait(pause), size / 4, false, size / 2);
        return fetch(told.wait(pause), size / 4, true, 3 * size / 4).outcome();
    };
    CHECK(cut(second) == Outcome::passed);
    CHECK(cut(std::chrono::milliseconds(100)) == Outcome::passed);
    CHECK(cut(std::chrono::milliseconds(99)) == Outcome::failed);
}

TEST_CASE("CNT-03 begun anew passes, never again fails, gave up after three warns") {
    Turn anew = looking(verdict::act_cut_download());
    fetch(anew, size / 4, false);
    CHECK(fetch(anew.wait(second)).outcome() == Outcome::passed);
    Turn once = looking(verdict::act_cut_download());
    CHECK(fetch(once, size / 4, false).in_vain().outcome() == Outcome::failed);
    Turn tired = looking(verdict::act_cut_download());
    for (int i = 0; i < 4; ++i) fetch(tired.wait(second), size / 4, false);
    CHECK(tired.in_vain().outcome() == Outcome::warned);
}

TEST_CASE("CNT-04 each refusal in its turn; three requests in ten seconds pass, a fourth fails") {
    Turn told = looking(verdict::act_refused_download());
    CHECK(told.faults().back() == R"({"kind":"http_status","name":"murano-verdict-1000000-1","status":403})");
    for (int i = 0; i < 3; ++i) refuse(told.wait(second), 403);
    told.in_vain();
    CHECK(told.faults().back() == R"({"kind":"http_status","name":"murano-verdict-1000000-2","status":404})");
    for (int i = 0; i < 3; ++i) refuse(told.wait(second), 404);
    CHECK(refuse(told.wait(second), 404).outcome() == Outcome::failed);
    Turn calm = looking(verdict::act_refused_download());
    for (const int status : {403, 404, 500, 503, 302}) refuse(calm, status).in_vain();
    CHECK(calm.outcome() == Outcome::passed);
}

TEST_CASE("CNT-04 pauses that double from a second on are no loop, though four requests come in ten seconds") {
    Turn told = looking(verdict::act_refused_download());
    refuse(told, 403);
    for (const int pause_s : {1, 2, 4}) refuse(told.wait(pause_s * second), 403);
    CHECK_FALSE(told.over());
    Turn fixed = looking(verdict::act_refused_download());
    refuse(fixed, 403);
    for (const int pause_s : {2, 2, 2}) refuse(fixed.wait(pause_s * second), 403);
    CHECK(fixed.outcome() == Outcome::failed);
}

TEST_CASE("CNT-04 Retry-After of five seconds is kept") {
    const auto after = [](turn::Moment pause) {
        Turn told = looking(verdict::act_refused_download());
        for (const int status : {403, 404, 500}) refuse(told, status).in_vain();
        refuse(told, 503);
        return refuse(told.wait(pause), 503).over();
    };
    CHECK(after(5 * second - verdict::Moment{1}));
    CHECK_FALSE(after(5 * second));
    Turn tired = looking(verdict::act_refused_download());
    CHECK(refuse(tired, 403).in_vain().in_vain().outcome() == Outcome::warned);
}

TEST_CASE("CNT-05 the connection lives on in a slow download") {
    Turn told = looking(verdict::act_slow_download());
    CHECK(told.faults().back() == R"({"kind":"body_slow","name":"murano-verdict-1000000-1","bytes_per_s":2184})");
    told.hit(7, "body_slow").wait(30 * second);
    CHECK_FALSE(told.see(7, verdict::Closed{}).over());
    CHECK(fetch(told).outcome() == Outcome::passed);
    Turn lost = looking(verdict::act_slow_download());
    CHECK(lost.hit(7, "body_slow").wait(9 * second).see(1, verdict::Closed{}).outcome() == Outcome::failed);
    Turn tired = looking(verdict::act_slow_download());
    CHECK(fetch(tired.hit(7, "body_slow").wait(9 * second), 100, false).outcome() == Outcome::warned);
}

TEST_CASE("CNT-06 after the power cut it fetches again, and nothing in a loop") {
    const auto cut = [] {
        Turn told = looking(verdict::act_powerless_download());
        told.hit(7, "body_slow");
        CHECK(told.last<verdict::CallHook>().name == "power_cycle");
        told.answer_hook("power_cycle");
        return told;
    };
    Turn told = cut();
    fetch(told.online(2));
    CHECK(told.waits() == 10 * second);
    told.in_vain();
    CHECK(told.last<verdict::OfferContent>().bytes == 67'108'864);
    CHECK(told.in_vain().outcome() == Outcome::passed);
    Turn loops = cut();
    fetch(loops.online(2));
    for (int i = 0; i < 3; ++i) fetch(loops.wait(second));
    CHECK_FALSE(loops.over());
    CHECK(fetch(loops).outcome() == Outcome::failed);
    CHECK(cut().in_vain().outcome() == Outcome::failed);
    CHECK(cut().online(2).in_vain().outcome() == Outcome::failed);
}
