#include "server/api/base/content_base.h"
#include "tests/support/api_client.h"

#include <fstream>

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string item = "/api:1/service/c1/content/item";
const std::string sha_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const test::Fields form_type{{"Content-Type", "multipart/form-data; boundary=XX"}};

std::string form(const std::string& bytes) {
    return "--XX\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nid\r\n--XX\r\nContent-Disposition: form-data; "
           "name=\"file\"; filename=\"f\"\r\nContent-Type: image/gif\r\n\r\n" +
           bytes + "\r\n--XX--\r\n";
}

// The path and query of the link in an answer of the first step.
std::string link_of(const std::string& answer) {
    const auto begin = answer.find("/content/", answer.find("\"url\""));
    return answer.substr(begin, answer.find('"', begin) - begin);
}

std::string file_text(const net::FileRange& range) {
    std::ifstream in(range.path, std::ios::binary);
    std::string text(range.length, '\0');
    in.seekg(static_cast<std::streamoff>(range.offset));
    in.read(text.data(), static_cast<std::streamsize>(range.length));
    return text;
}

std::string upload(ApiWorld& world, const std::string& id, const std::string& bytes, const std::string& query = "") {
    const auto first = world.client.response("GET", item + '/' + id + "/upload" + query);
    REQUIRE(first.status == 200);
    return world.client.said("POST", link_of(first.body), form(bytes), form_type);
}

}  // namespace

TEST_CASE("content goes up and down in two steps [murano-facts 3.3]") {
    ApiWorld world;
    const auto first = world.client.response("GET", item + "/logo.gif/upload?sha256=" + sha_of_abc +
                                                        "&expires_in=30&type=image%2Fpng&tags=%7B%22a%22%3A%22b%22%7D");
    CHECK(first.body.starts_with(R"({"id":"logo.gif","url":"http://localhost:8080/content/c1/logo.gif?expires=)"));
    CHECK(first.body.ends_with(
        R"(,"method":"POST","enctype":"multipart/form-data","field":"file","inputs":{"key":"logo.gif"}})"));
    CHECK(world.client.said("POST", link_of(first.body), form("abc"), form_type) == "204");
    CHECK(
        world.client.said("GET", item + "?full=true") ==
        R"(200 [{"id":"logo.gif","type":"image/png","length":3,"last_modified":"1970-01-01T00:16:40.000Z","tags":{"a":"b"}}])");
    CHECK(world.client.said("GET", item) == R"(200 ["logo.gif"])");
    CHECK(world.client.said("GET", item + "/logo.gif").starts_with(R"(200 {"id":"logo.gif")"));

    const auto down = world.client.response("GET", item + "/logo.gif/download");
    CHECK(down.body.ends_with(R"(,"method":"GET"})"));
    const auto file = world.client.response("GET", link_of(down.body));
    REQUIRE(file.status == 200);
    CHECK(file_text(*file.file) == "abc");
    CHECK(file.field("Content-Type") == "image/png");
    CHECK(file.field("ETag") == '"' + sha_of_abc + '"');
    const auto part = world.client.response("GET", link_of(down.body), "", {{"Range", "bytes=1-1"}});
    CHECK(part.status == 206);
    CHECK(file_text(*part.file) == "b");
    CHECK(world.client.response("GET", link_of(down.body), "", {{"If-None-Match", file.field("ETag").data()}}).status ==
          304);
    CHECK(world.client.response("HEAD", link_of(down.body)).status == 200);

    CHECK(world.client.said("DELETE", item + "/logo.gif") == "204");
    CHECK(world.client.response("GET", item + "/logo.gif").status == 404);
    CHECK(world.client.response("DELETE", item + "/logo.gif").status == 404);
}

TEST_CASE("an id may hold slashes, escaped or not, and all items are deleted at once") {
    ApiWorld world;
    CHECK(upload(world, "a%2Fb", "1") == "204");
    CHECK(upload(world, "c/d", "2") == "204");
    CHECK(world.client.said("GET", item) == R"(200 ["a/b","c/d"])");
    CHECK(world.client.response("GET", item + "/a/b").status == 200);
    CHECK(world.client.response("GET", item + "/c%2Fd").status == 200);
    CHECK(world.client.said("DELETE", item) == R"(200 ["a/b","c/d"])");
    CHECK(world.client.said("GET", item) == "200 []");
}

TEST_CASE("the type of the part counts where the link names none") {
    ApiWorld world;
    CHECK(upload(world, "x", "1") == "204");
    CHECK(world.control.items[{"c1", "x"}].mime == "image/gif");
}

TEST_CASE("bytes that do not match the announced sha256 are refused and leave no file") {
    ApiWorld world;
    CHECK(upload(world, "x", "abd", "?sha256=" + sha_of_abc).starts_with("400 the bytes do not match"));
    CHECK(world.control.items.empty());
    CHECK(world.control.files() == 0);
}

TEST_CASE("uploads that are broken, too large or refused leave no file") {
    ApiWorld world;
    world.services.options.max_content_bytes = 4;
    const auto first = world.client.response("GET", item + "/x/upload");
    const std::string link = link_of(first.body);
    CHECK(world.client.response("POST", link, form("12345"), form_type).status == 413);
    CHECK(world.client.response("POST", link, form("1234"), form_type).status == 204);
    CHECK(world.control.files() == 1);
    CHECK(world.client
              .response("POST", link, "--XX\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nab", form_type)
              .status == 400);
    CHECK(world.client.response("POST", link, "--XX--", form_type).status == 400);
    CHECK(world.client.response("POST", link, "garbage", form_type).status == 400);
    CHECK(world.client.response("POST", link, "{}").status == 415);
    world.control.fails = device::ControlError{device::ErrorKind::unreadable, "no", {}};
    CHECK(world.client.response("POST", link, form("1"), form_type).status == 500);
    CHECK(world.control.files() == 1);
}

TEST_CASE("[R60] a link holds for its item, its action and its time") {
    ApiWorld world;
    CHECK(upload(world, "x", "abc") == "204");
    CHECK(upload(world, "y", "abc") == "204");
    const std::string link = link_of(world.client.response("GET", item + "/x/download").body);
    CHECK(world.client.response("GET", link).status == 200);
    const std::string query = link.substr(link.find('?'));
    CHECK(world.client.response("GET", "/content/c1/y" + query).status == 403);
    CHECK(world.client.response("GET", "/content/c2/x" + query).status == 403);
    CHECK(world.client.response("GET", "/content/c1/x").status == 403);
    CHECK(world.client.response("GET", "/content/c1/x?expires=99999999999").status == 403);
    std::string later = link;
    later.replace(later.find("expires=1600"), 12, "expires=9600");
    CHECK(world.client.response("GET", later).status == 403);
    CHECK(world.client.response("POST", link, form("abc"), form_type).status == 403);
    world.control.time.now_us += 599'000'000;
    CHECK(world.client.response("GET", link).status == 200);
    world.control.time.now_us += 1'000'000;
    CHECK(world.client.said("GET", link) == "403 this link has expired, 0 s ago by the emulator's clock\n");
    const std::string missing = link_of(world.client.response("GET", item + "/none/download").body);
    CHECK(world.client.response("GET", missing).status == 404);
}

TEST_CASE("an upload link cannot be given other terms") {
    ApiWorld world;
    std::string link = link_of(world.client.response("GET", item + "/x/upload?type=text%2Fplain").body);
    link.replace(link.find("text%2Fplain"), 12, "text%2Fhtmlx");
    CHECK(world.client.response("POST", link, form("abc"), form_type).status == 403);
    const std::string fresh = link_of(world.client.response("GET", item + "/x/upload?expires_in=5").body);
    world.control.time.now_us += 5'000'000;
    CHECK(world.client.response("POST", fresh, form("abc"), form_type).status == 403);
}

TEST_CASE("bad parameters of an upload link are 400") {
    ApiWorld world;
    for (const char* bad : {"expires_in=0", "expires_in=x", "expires_in=99999999", "tags=%5B%5D", "tags=%7B"}) {
        CAPTURE(bad);
        CHECK(world.client.response("GET", item + "/x/upload?" + bad).status == 400);
    }
}

TEST_CASE("[R60] a refused link says what is wrong with it, and the journal says the same") {
    ApiWorld world;
    CHECK(upload(world, "x", "abc") == "204");
    const std::string link = world.urls.download("", "c1", "x", world.control.time.now_us);
    const auto upload_url = world.urls.upload("", "c1", "x", world.control.time.now_us, 60, {});
    const auto cause = [&](std::string target, const test::Fields& fields = {}) {
        world.control.refusals.clear();
        const auto answer = world.device.response("GET", target, "", fields);
        REQUIRE(world.control.refusals.size() == 1);
        const auto& told = world.control.refusals.front();
        CHECK(answer.body == told.cause + '\n');
        CHECK(told.status == static_cast<int>(answer.status));
        CHECK(told.method == "GET");
        CHECK(told.path.find('?') == std::string::npos);
        CHECK(told.connection_id == "conn");
        CHECK(told.ip == "192.0.2.7");
        return std::to_string(told.status) + ' ' + told.cause;
    };
    CHECK(cause(link.substr(0, link.size() - 8)).ends_with("its signature has 56 of 64 characters"));
    std::string escaped = link;
    escaped.replace(escaped.find('&'), 1, "&amp;");
    CHECK(cause(escaped).find("\"&amp;\" where \"&\" belongs") != std::string::npos);
    CHECK(cause("/content/c1/x").ends_with("it has no signature"));
    CHECK(cause("/content/c1/x?" + link.substr(link.find("signature"))).ends_with("this link has no expires"));
    CHECK(cause("/content/c1/y" + link.substr(link.find('?'))).find("that of another link") != std::string::npos);
    CHECK(cause(upload_url) == "403 this link is for an upload (POST)");
    CHECK(cause(world.urls.download("", "c1", "none", world.control.time.now_us)).starts_with("404 there is no such"));
    CHECK(cause(link, {{"Range", "bytes=9-"}}) == "416 no byte of this range is in the item, which has 3 bytes");
    world.device.peer.connector = "c2";
    CHECK(cause(link).starts_with("403 this link belongs to connector c1, and the host name of this connection to c2"));
    world.device.peer.connector = "c1";
    world.control.time.now_us += 635'000'000;
    CHECK(cause(link) == "403 this link has expired, 35 s ago by the emulator's clock");
    world.control.refusals.clear();
    CHECK(world.client.response("GET", link).status == 403);  // the control port is no device's
    CHECK(world.control.refusals.empty());
}

TEST_CASE("what a device has uploaded never runs as a page of the control API") {
    ApiWorld world;
    world.control.authenticated = "dev";
    const std::string page = "<script>fetch('/_emulator/v1/reset', {method: 'POST'})</script>";
    CHECK(world.device.said("PUT", "/provision/content/readme.html", page, {{"Content-Type", "text/html"}}) == "201");
    const std::string link = link_of(world.client.response("GET", item + "/device2/dev/readme.html/download").body);
    for (const test::Fields& fields : {test::Fields{}, test::Fields{{"Range", "bytes=0-7"}}}) {
        const auto answer = world.client.response("GET", link, "", fields);
        CHECK(answer.status / 100 == 2);
        CHECK(answer.field("Content-Type") == "text/html");
        CHECK(answer.field("Content-Disposition") == "attachment");
        CHECK(answer.field("X-Content-Type-Options") == "nosniff");
        CHECK(answer.field("Content-Security-Policy") == "sandbox");
    }
    CHECK(world.device.response("GET", link).field("Content-Disposition").empty());  // a device is no browser
}

TEST_CASE("control characters and raw bytes in a media type are refused, whoever sends them") {
    ApiWorld world;
    for (const char* type : {"a%01b", "image%2Fgif%0D%0AX-Evil:%201", "caf%C3%A9", "a%7Fb"}) {
        CAPTURE(type);
        CHECK(world.client.said("GET", item + "/x/upload?type=" + type).starts_with("400 "));
    }
    const std::string link = link_of(world.client.response("GET", item + "/x/upload").body);
    for (const char* type : {"a\x01z", "caf\xC3\xA9", "a\xFFz"}) {
        CAPTURE(type);
        std::string body = form("abc");
        body.replace(body.find("image/gif"), 9, type);
        CHECK(world.client.said("POST", link, body, form_type).starts_with("400 a media type has"));
        world.control.authenticated = "dev";
        const test::Fields fields{{"Content-Type", type}};
        CHECK(world.device.response("PUT", "/provision/content/f", "abc", fields).status == 400);
    }
    CHECK(world.control.items.empty());
    CHECK(world.control.files() == 0);
}

TEST_CASE("an item that no client could fetch is refused") {
    ApiWorld world;
    for (const char* id : {".", "%2E", "..", "%2e%2E"}) {
        CAPTURE(id);
        CHECK(world.client.said("GET", item + '/' + id + "/upload").starts_with("400 "));
    }
    world.control.authenticated = "dev";
    CHECK(world.device.response("PUT", "/provision/content/%2E%2E", "x").status == 400);
    CHECK(world.device.response("PUT", "/provision/content/.", "x").status == 400);
    CHECK(world.device.response("PUT", "/provision/content/..x", "x").status == 201);
    CHECK(world.control.files() == 1);
}

TEST_CASE("[R60] a condition that does not hold is 412, for downloads and for uploads") {
    ApiWorld world;
    CHECK(upload(world, "x", "abc") == "204");
    const std::string link = link_of(world.client.response("GET", item + "/x/download").body);
    CHECK(world.client.response("GET", link, "", {{"If-Match", "\"other\""}}).status == 412);
    CHECK(world.device.response("GET", link, "", {{"If-Match", "\"other\""}}).status == 412);
    CHECK(world.control.refusals.empty());  // an answer, and no slip
    CHECK(world.client.response("GET", link, "", {{"If-Match", '"' + sha_of_abc + '"'}}).status == 200);
    world.control.authenticated = "dev";
    const test::Fields only_new{{"If-None-Match", "*"}};
    CHECK(world.device.response("PUT", "/provision/content/f", "1", only_new).status == 201);
    CHECK(world.device.response("PUT", "/provision/content/f", "2", only_new).status == 412);
    CHECK(world.control.items[{"c1", "device2/dev/f"}].length == 1);
}

TEST_CASE("[R60] a device finds content where the settings say, the connector's first") {
    using api::content_base;
    CHECK(content_base({}, "c1.m2.exosite.io:8883", "c1") == "https://c1.m2.exosite.io:8883");
    CHECK(content_base({"", "", "32768"}, "c1.m2.exosite.io:8883", "c1") == "https://c1.m2.exosite.io:32768");
    CHECK(content_base({"", "", ":32768"}, "[::1]:8883", "c1") == "https://[::1]:32768");
    CHECK(content_base({"", "", "gate.example:1"}, "c1.m2.exosite.io:8883", "c1") == "https://gate.example:1");
    CHECK(content_base({"", "https://files.example/", "1"}, "h:2", "c1") == "https://files.example");
    CHECK(content_base({"", "https://{host}:5/{connector}", "1"}, "h:2", "c1") == "https://h:5/c1");
    CHECK(content_base({"https://own", "https://files.example", "1"}, "h:2", "c1") == "https://own");
    CHECK(api::outside_port("gate.example:7") == 7);
    CHECK(api::outside_port("8") == 8);
    CHECK_FALSE(api::outside_port(""));
}
