#include "server/net/outbox.h"

#include <doctest/doctest.h>

TEST_CASE("[R25a] bytes leave when the commit that gates them has passed") {
    net::Outbox outbox;
    outbox.append("puback", 3);
    CHECK(outbox.sendable(2).empty());
    CHECK(outbox.sendable(3) == "puback");
}

TEST_CASE("[R25a] what needs no commit waits behind what does: the order stands") {
    net::Outbox outbox;
    outbox.append("first", 5);
    outbox.append("second", 1);
    CHECK(outbox.sendable(4).empty());
    CHECK(outbox.sendable(5) == "firstsecond");
}

TEST_CASE("a later gate lets earlier bytes go first") {
    net::Outbox outbox;
    outbox.append("a", 1);
    outbox.append("b", 2);
    CHECK(outbox.sendable(1) == "a");
    outbox.sent(1);
    CHECK(outbox.sendable(1).empty());
    CHECK(outbox.size() == 1);
    CHECK(outbox.sendable(2) == "b");
    outbox.sent(1);
    CHECK(outbox.empty());
}

TEST_CASE("a socket that takes little at a time gets every byte once, in order") {
    net::Outbox outbox;
    std::string expected, got;
    for (std::uint64_t gate = 1; gate <= 300; ++gate) {
        const auto piece = std::string(1'000, static_cast<char>('a' + gate % 26));
        outbox.append(piece, gate);
        expected += piece;
        const auto ready = outbox.sendable(gate / 2);
        const auto taken = ready.substr(0, 700);
        got += taken;
        outbox.sent(taken.size());
    }
    while (!outbox.empty()) {
        const auto taken = std::string(outbox.sendable(300).substr(0, 700));
        got += taken;
        outbox.sent(taken.size());
    }
    CHECK(got == expected);
}

TEST_CASE("after a failed commit nothing is left to send") {
    net::Outbox outbox;
    outbox.append("token", 7);
    outbox.discard();
    CHECK(outbox.empty());
    CHECK(outbox.sendable(7).empty());
    outbox.append("x", 8);
    CHECK(outbox.sendable(8) == "x");
}

TEST_CASE("a failed commit takes only what waited for it, and what was to follow that") {
    net::Outbox outbox;
    outbox.append("sent", 3);
    outbox.append("ready", 4);
    CHECK(outbox.sendable(3) == "sent");
    outbox.sent(4);
    outbox.append("lost", 6);
    outbox.append("later", 9);
    CHECK(outbox.discard_gated(5, 7));
    CHECK(outbox.sendable(0) == "ready");
    outbox.append("sorry", 0);
    CHECK(outbox.sendable(0) == "readysorry");
    outbox.sent(10);
    CHECK(outbox.empty());

    outbox.append("ready", 7);
    outbox.append("later", 9);
    CHECK_FALSE(outbox.discard_gated(7, 8));
    CHECK(outbox.sendable(9) == "readylater");
}
