#pragma once
// An HTTP answer as a value, and its head as bytes. No sockets; the caller sends the head, then body or file.

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
    std::vector<HttpField> fields;  // without Content-Length, Connection, Date and Server, which are added
    std::string body;
    std::optional<FileRange> file;             // instead of body
    bool stream = false;                       // the body follows in any number of pieces (server-sent events)
    bool close = false;                        // closes the connection afterwards
    std::optional<BodyFault> body_fault = {};  // of a file: damage done on purpose
    std::shared_ptr<const void> place = {};    // a permit, held until the answer is sent

    HttpResponse& set(std::string_view name, std::string_view value);  // replaces or adds
    std::string_view field(std::string_view name) const;
};

// How the request wants its answer.
struct AnswerForm {
    bool head_only = false;  // HEAD: only the head of GET's answer
    bool keep_alive = true;
    bool http_1_0 = false;  // no chunks: the end of the connection ends a stream
};
AnswerForm answer_form(const HttpHead& request);

std::string_view reason_phrase(unsigned status);

// The bytes up to the empty line. date_us: wall time for the Date field. Control characters in fields are dropped.
std::string serialise_head(const HttpResponse& response, const AnswerForm& form, std::int64_t date_us);
// Whether body or file bytes follow the head (HEAD, 1xx, 204 and 304 have none).
bool has_body(const HttpResponse& response, const AnswerForm& form);
// Whether the connection must end after this answer.
bool closes(const HttpResponse& response, const AnswerForm& form);

// A piece of a `stream` answer as sent on the wire. An empty piece stays empty.
std::string stream_piece(std::string_view bytes, const AnswerForm& form);
std::string stream_end(const AnswerForm& form);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t time_us);

}  // namespace net
