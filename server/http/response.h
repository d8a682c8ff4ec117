#pragma once
// An HTTP answer as a value, and its head as bytes. No sockets; the caller sends head, then body or file.

#include "server/http/body_fault.h"
#include "server/http/head.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct FileRange {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct HttpResponse {
    unsigned status = 200;
    std::vector<HttpField> fields;  // Content-Length, Connection, Date and Server are made, not given
    std::string body;
    std::optional<FileRange> file;             // instead of body
    bool stream = false;                       // the body follows in pieces of unknown number (server-sent events)
    bool close = false;                        // end the connection behind it
    std::optional<BodyFault> body_fault = {};  // of a file: what goes wrong with it on purpose
    std::shared_ptr<const void> place = {};    // kept until the answer is out: what it takes is limited

    HttpResponse& set(std::string_view name, std::string_view value);  // replaces or adds
    std::string_view field(std::string_view name) const;
};

// What the request says about the form of its answer.
struct AnswerForm {
    bool head_only = false;  // HEAD: the head of the answer to GET, and nothing else
    bool keep_alive = true;
    bool http_1_0 = false;  // no chunks: a stream ends with the connection
};
AnswerForm answer_form(const HttpHead& request);

std::string_view reason_phrase(unsigned status);

// The bytes up to the empty line. date_us: wall time for the Date field. Control characters in fields are dropped.
std::string serialise_head(const HttpResponse& response, const AnswerForm& form, std::int64_t date_us);
// Whether body or file bytes follow the head (HEAD, 1xx, 204 and 304 have none).
bool has_body(const HttpResponse& response, const AnswerForm& form);
// Whether the connection has to end behind this answer.
bool closes(const HttpResponse& response, const AnswerForm& form);

// A piece of a `stream` answer as it goes on the wire. An empty piece stays empty.
std::string stream_piece(std::string_view bytes, const AnswerForm& form);
std::string stream_end(const AnswerForm& form);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t time_us);

}  // namespace net
