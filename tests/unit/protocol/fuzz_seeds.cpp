// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests. A broken property aborts.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/decoders.h"
#include "tests/fuzz/targets/describe.h"
#include "tests/fuzz/targets/packet_splitter.h"
#include "tests/fuzz/targets/server_connection.h"
#include "tests/fuzz/targets/topic_filter.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of the packet splitter keep its properties") {
    CHECK(test::replay("fuzz_packet_splitter", fuzz::packet_splitter, test::Damage::every_byte) >= 3);
}
TEST_CASE("the seeds of the connection machine keep its properties") {
    CHECK(test::replay("fuzz_server_connection", fuzz::server_connection, test::Damage::every_byte) >= 6);
}
TEST_CASE("the seeds of the decoders keep their properties") {
    CHECK(test::replay("fuzz_decoders", fuzz::decoders, test::Damage::every_byte) >= 6);
}
TEST_CASE("the seeds of describing and masking keep their properties") {
    CHECK(test::replay("fuzz_describe", fuzz::describe, test::Damage::every_byte) >= 5);
}
TEST_CASE("the seeds of the topic filter keep its properties") {
    CHECK(test::replay("fuzz_topic_filter", fuzz::topic_filter, test::Damage::every_byte) >= 4);
}
