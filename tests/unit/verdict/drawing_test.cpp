#include "server/verdict/report/drawing.h"

#include "server/verdict/marks.h"
#include "server/verdict/selection.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using std::chrono::seconds;
using verdict::Moment;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

verdict::CheckView view(const std::string& id, const verdict::Marks& marks, Moment ended = seconds(100)) {
    static const auto rows =
        std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.suite = "full", .only = {}, .skip = {}}));
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto* each) { return each->id == id; });
    return {*row, verdict::passed("."), Moment{0}, ended, marks.all()};
}

// Refused again and again, with these pauses.
verdict::Marks refusals(const std::vector<int>& pauses_s) {
    verdict::Marks marks;
    Moment at = seconds(1);
    std::uint64_t connection = 1;
    const auto see = [&](verdict::Seen seen) {
        marks.on({.at = at, .connection = connection, .cursor = 0, .seen = seen});
    };
    see(verdict::Closed{});
    for (const int pause_s : pauses_s) {
        at += seconds(pause_s);
        ++connection;
        see(verdict::Accepted{"a"});
        see(verdict::ConnectCame{});
        see(verdict::ConnackLeft{.code = 3});
        see(verdict::Closed{});
    }
    return marks;
}

}  // namespace

TEST_CASE("a timeline shows each connection, what was refused, and what came") {
    const auto marks = refusals({1, 2, 4});
    const auto svg = verdict::timeline_svg(view("CON-02", marks));
    CHECK(count(svg, "class=\"open\"") == 4);
    CHECK(count(svg, "class=\"let\"") == 1);  // the one that was open before
    CHECK(count(svg, "class=\"ref\"") == 3);
    CHECK(count(svg, "class=\"came\"") == 3);
    CHECK(count(svg, "100.0 s") + count(svg, "100 s") > 0);
    CHECK(svg.find("aria-label=\"Connections, packets and faults of CON-02") != std::string::npos);
}

TEST_CASE("pauses are drawn where a check is about them, and two at least were seen") {
    const auto marks = refusals({1, 2, 4});
    const auto svg = verdict::pauses_svg(view("CON-02", marks), seconds(60));
    CHECK(count(svg, "class=\"pause\"") == 3);
    CHECK(count(svg, "<polyline") == 1);
    CHECK(verdict::pauses_svg(view("RX-01", marks), seconds(60)).empty());
    CHECK(verdict::pauses_svg(view("CON-02", refusals({1})), seconds(60)).empty());
}

TEST_CASE("nothing is drawn of a check without a turn, and a long one is drawn to its limit") {
    CHECK(verdict::timeline_svg(view("TLS-01", {})).empty());
    verdict::Marks many;
    for (int i = 0; i < 1'000; ++i)
        many.on({.at = seconds(i), .connection = 1, .cursor = 0, .seen = verdict::PublishCame{}});
    CHECK(many.all().size() == verdict::Marks::most);
    CHECK(count(verdict::timeline_svg(view("ROB-02", many)), "class=\"came\"") == verdict::Marks::most);
}
