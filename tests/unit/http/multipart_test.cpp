#include "server/http/multipart.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace net;

namespace {

// The events as one line of text, file bytes joined.
std::string story(std::string_view body, std::size_t step, MultipartLimits limits = {}) {
    MultipartReader reader("XX", limits);
    std::string told;
    while (!body.empty()) {
        reader.feed(body.substr(0, step));
        body.remove_prefix(std::min(step, body.size()));
        while (auto event = reader.next()) {
            if (auto* field = std::get_if<PartField>(&*event))
                told += "field " + field->name + "=" + field->value + ";";
            if (auto* file = std::get_if<PartFileBegin>(&*event)) {
                told += "file " + file->name + "," + file->filename + "," + file->content_type + "<";
            }
            if (auto* bytes = std::get_if<PartFileBytes>(&*event)) told += bytes->bytes;
            if (std::get_if<PartFileEnd>(&*event)) told += ">;";
            if (std::get_if<MultipartEnd>(&*event)) told += "end";
            if (auto* error = std::get_if<MultipartError>(&*event)) return told + "error: " + error->message;
        }
    }
    return told;
}

const std::string part = "Content-Disposition: form-data; name=";

}  // namespace

TEST_CASE("fields and files come out the same however the bytes are cut") {
    const std::string body = "preamble\r\n--XX\r\n" + part +
                             "\"key\"\r\n\r\nva\r\nlue\r\n--XX  \r\ncontent-type: text/csv\r\n" + part +
                             "\"file\"; filename=\"a \\\"b\\\";c.csv\"\r\n\r\n1\r\n--X\r\n2\r\n--XX\r\n" + part +
                             "none\r\n\r\n\r\n--XX--\r\nepilogue";
    const std::string expected = "field key=va\r\nlue;file file,a \"b\";c.csv,text/csv<1\r\n--X\r\n2>;field none=;end";
    for (std::size_t step = 1; step <= body.size(); ++step) {
        CAPTURE(step);
        CHECK(story(body, step) == expected);
    }
}

TEST_CASE("an empty file and a form without parts are legal") {
    CHECK(story("--XX\r\n" + part + "f; filename=\"\"\r\n\r\n\r\n--XX--", 3) == "file f,,<>;end");
    CHECK(story("--XX--\r\n", 1) == "end");
}

TEST_CASE("bad forms end in an error and never grow without bound") {
    struct Row {
        std::string body;
        const char* told;
    };
    const MultipartLimits small{100, 50, 2};
    const std::string field = "--XX\r\n" + part + "a\r\n\r\n1\r\n";
    const Row rows[] = {
        {std::string(500, 'x'), "error: no part begins with the announced boundary"},
        {"--XXjunk\r\n", "error: a boundary line is malformed"},
        {"--XX" + std::string(200, ' '), "error: a boundary line is malformed"},
        {"--XX\r\nContent-Type: text/plain\r\n\r\nx", "error: a part has no form-data name"},
        {"--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nx", "error: a part has no form-data name"},
        {"--XX\r\nX: " + std::string(300, 'y'), "error: the header of a part is too large"},
        {"--XX\r\n" + part + "a\r\n\r\n" + std::string(300, 'z'), "error: a form field is too large"},
        {field + field + field, "field a=1;field a=1;error: too many parts"},
    };
    for (const Row& row : rows) {
        CHECK(story(row.body, 10, small) == row.told);
        CHECK(story(row.body, 1000, small) == row.told);
    }
}

TEST_CASE("limits of a form hold to the byte, however the bytes are cut") {
    const MultipartLimits small{100, 50, 2};
    const auto with_field = [](std::size_t size) {
        return "--XX\r\n" + part + "a\r\n\r\n" + std::string(size, 'z') + "\r\n--XX--";
    };
    const auto with_header = [](std::size_t size) {
        const std::string header = part + "a\r\nX: ";
        return "--XX\r\n" + header + std::string(size - header.size() - 2, 'y') + "\r\n\r\n1\r\n--XX--";
    };
    const auto with_preamble = [](std::size_t size) { return std::string(size, 'p') + "\r\n--XX--"; };
    const auto with_padding = [](std::size_t size) { return "--XX" + std::string(size, ' ') + "\r\n\r\n"; };
    for (std::size_t step = 1; step < 200; ++step) {
        CAPTURE(step);
        CHECK(story(with_field(50), step, small).ends_with("end"));
        CHECK(story(with_field(51), step, small) == "error: a form field is too large");
        CHECK(story(with_header(100), step, small).ends_with("end"));
        CHECK(story(with_header(101), step, small) == "error: the header of a part is too large");
        CHECK(story(with_preamble(98), step, small) == "end");
        CHECK(story(with_preamble(101), step, small) == "error: no part begins with the announced boundary");
        CHECK(story(with_padding(100), step, small) == "error: a part has no form-data name");
        CHECK(story(with_padding(101), step, small) == "error: a boundary line is malformed");
    }
}

TEST_CASE("a form that is cut off never says that it ended") {
    MultipartReader reader("XX");
    reader.feed("--XX\r\n" + part + "f; filename=x\r\n\r\nabc");
    while (reader.next()) {
    }
    CHECK_FALSE(reader.ended());
}

TEST_CASE("the boundary is taken from the content type") {
    CHECK(multipart_boundary("multipart/form-data; boundary=abc") == "abc");
    CHECK(multipart_boundary("Multipart/Form-Data; charset=x; Boundary=\"a b\"") == "a b");
    CHECK_FALSE(multipart_boundary("multipart/form-data"));
    CHECK_FALSE(multipart_boundary("multipart/form-data; boundary="));
    CHECK_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
    CHECK_FALSE(multipart_boundary("text/plain; boundary=abc"));
    CHECK_FALSE(multipart_boundary(""));
}
