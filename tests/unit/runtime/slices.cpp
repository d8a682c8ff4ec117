#include "server/runtime/slices.h"

#include <string>

#include <doctest/doctest.h>

namespace {

// Pieces that take a time of their own, on a clock that only they move.
struct Loop {
    int scheduled = 0;
    runtime::Slices::TimePoint now{};
    std::string done;
    runtime::Slices slices{[this] { ++scheduled; }, [this] { return now; }};

    std::function<void()> piece(char name, int us) {
        return [this, name, us] {
            done += name;
            now += std::chrono::microseconds(us);
        };
    }
};

}  // namespace

TEST_CASE("all pieces of a turn share one budget of time, however many readers there are") {
    Loop loop;
    for (int i = 0; i < 200; ++i) loop.slices.add(loop.piece('x', 1000));
    CHECK(loop.scheduled == 1);
    int turns = 0;
    while (loop.slices.waiting() > 0) {
        const auto before = loop.now;
        loop.slices.run();
        ++turns;
        CHECK(loop.now - before <= std::chrono::milliseconds(3));  // the budget, and the last piece's own time
    }
    CHECK(loop.done.size() == 200);
    CHECK(turns == 100);
    CHECK(loop.scheduled == 100);  // once for each turn
}

TEST_CASE("a piece that takes the whole budget is the only one of its turn, and the others follow in their order") {
    Loop loop;
    loop.slices.add(loop.piece('a', 5000));
    loop.slices.add(loop.piece('b', 1));
    loop.slices.add(loop.piece('c', 1));
    loop.slices.run();
    CHECK(loop.done == "a");
    loop.slices.run();
    CHECK(loop.done == "abc");
}

TEST_CASE("what a piece adds waits for the next turn, and what is late stands first") {
    Loop loop;
    loop.slices.add([&loop] {
        loop.done += 'a';
        loop.slices.add(loop.piece('d', 1));
    });
    loop.slices.add(loop.piece('b', 1));
    loop.slices.add_first(loop.piece('f', 1));
    loop.slices.run();
    CHECK(loop.done == "fab");
    CHECK(loop.scheduled == 2);
    loop.slices.run();
    CHECK(loop.done == "fabd");
    loop.slices.run();
    CHECK(loop.scheduled == 2);
}
