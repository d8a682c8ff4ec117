#include "server/http/range.h"

#include <doctest/doctest.h>

using namespace net;

namespace {

HttpHead request(std::vector<HttpField> fields, std::string method = "GET") {
    HttpHead head;
    head.method = std::move(method);
    head.fields = std::move(fields);
    return head;
}

const FileVersion version{"\"tag\"", 784111777LL * 1'000'000, 1000};

}  // namespace

TEST_CASE("[R60] Range asks for a part of the file") {
    struct Row {
        const char* range;
        RangeKind kind;
        std::uint64_t offset, length;
    };
    const Row rows[] = {
        {"bytes=0-0", RangeKind::partial, 0, 1},
        {"bytes=0-", RangeKind::partial, 0, 1000},
        {"Bytes= 10-19 ", RangeKind::partial, 10, 10},
        {"bytes=990-5000", RangeKind::partial, 990, 10},
        {"bytes=-1", RangeKind::partial, 999, 1},
        {"bytes=-2000", RangeKind::partial, 0, 1000},
        {"bytes=5-99999999999999999999999", RangeKind::partial, 5, 995},
        {"bytes=1000-", RangeKind::unsatisfiable, 0, 0},
        {"bytes=99999999999999999999999-", RangeKind::unsatisfiable, 0, 0},
        {"bytes=-0", RangeKind::unsatisfiable, 0, 0},
        {"bytes=0-1,5-6", RangeKind::whole, 0, 1000},
        {"bytes=9-5", RangeKind::whole, 0, 1000},
        {"bytes=x-5", RangeKind::whole, 0, 1000},
        {"bytes=5-x", RangeKind::whole, 0, 1000},
        {"bytes=-", RangeKind::whole, 0, 1000},
        {"bytes=", RangeKind::whole, 0, 1000},
        {"lines=1-2", RangeKind::whole, 0, 1000},
    };
    for (const Row& row : rows) {
        CAPTURE(row.range);
        const auto decision = decide_range(request({{"Range", row.range}}), version);
        CHECK(decision.kind == row.kind);
        CHECK(decision.offset == row.offset);
        CHECK(decision.length == row.length);
    }
}

TEST_CASE("[R60] If-None-Match answers 304, before any Range") {
    for (const char* list : {"\"tag\"", "W/\"tag\"", "\"a\", \"tag\"", "*"}) {
        CAPTURE(list);
        const auto answer = file_response(request({{"If-None-Match", list}, {"Range", "bytes=0-1"}}), version, "f", "");
        CHECK(answer.status == 304);
        CHECK(answer.field("ETag") == "\"tag\"");
        CHECK_FALSE(answer.file);
    }
    CHECK(decide_range(request({{"If-None-Match", "\"other\""}}), version).kind == RangeKind::whole);
}

TEST_CASE("[R60] If-Range keeps the Range only for the same file") {
    const auto kind = [](const char* condition) {
        return decide_range(request({{"Range", "bytes=0-1"}, {"If-Range", condition}}), version).kind;
    };
    CHECK(kind("\"tag\"") == RangeKind::partial);
    CHECK(kind("Sun, 06 Nov 1994 08:49:37 GMT") == RangeKind::partial);
    CHECK(kind("\"other\"") == RangeKind::whole);
    CHECK(kind("W/\"tag\"") == RangeKind::whole);
}

TEST_CASE("[R60] the answers to whole, partial and unsatisfiable requests") {
    const auto whole = file_response(request({}), version, "file", "image/gif");
    CHECK(whole.status == 200);
    CHECK(whole.file->length == 1000);
    CHECK(whole.field("Content-Type") == "image/gif");
    CHECK(whole.field("Accept-Ranges") == "bytes");
    const auto part = file_response(request({{"Range", "bytes=10-19"}}), version, "file", "");
    CHECK(part.status == 206);
    CHECK(part.field("Content-Range") == "bytes 10-19/1000");
    CHECK(part.field("Content-Type") == "application/octet-stream");
    CHECK(part.file->offset == 10);
    const auto beyond = file_response(request({{"Range", "bytes=5000-"}}), version, "file", "");
    CHECK(beyond.status == 416);
    CHECK(beyond.field("Content-Range") == "bytes */1000");
    const FileVersion empty{"\"e\"", 0, 0};
    CHECK(file_response(request({{"Range", "bytes=0-"}}), empty, "file", "").status == 416);
    CHECK(file_response(request({{"Range", "bytes=0-1"}}, "HEAD"), version, "file", "").status == 200);
}
