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
    world.control.fails = device::ControlError{500, "storage", "no", {}};
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
    CHECK(world.client.said("GET", link) == "403 this link has expired\n");
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

TEST_CASE("content.base_url stands before every link where it is set") {
    const api::ContentUrls urls("s", "https://files.example", 600);
    CHECK(urls.download("https://here", "c", "i", 0).starts_with("https://files.example/content/c/i?expires=600&"));
}
