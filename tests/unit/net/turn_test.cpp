#include "server/net/turn.h"

#include "server/net/connection.h"

#include <doctest/doctest.h>

TEST_CASE("a connection that stops reading because of congestion is counted") {
    boost::asio::io_context io;
    net::Turn turn(io);
    std::uint64_t paused = 0;
    turn.count_paused(paused);
    turn.wants_to_resume(nullptr);
    turn.wants_to_resume(nullptr);
    CHECK(paused == 2);
}
