#include "server/http/reader.h"

#include "server/http/form.h"
#include "server/http/request_parser.h"

#include <algorithm>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace net {

namespace {

using ParseError = boost::beast::http::error;

constexpr std::size_t keep_capacity = 64 * 1024;

std::optional<HttpError> check_body_fields(const HttpHead& head) {
    // Not by what Beast found: to it "gzip, chunked" is chunked too.
    const bool only_chunked = equals_ignoring_case(trimmed(head.field("Transfer-Encoding")), "chunked");
    const auto encodings = head.count("Transfer-Encoding");
    if (encodings > 0 && (encodings > 1 || !only_chunked || !head.chunked || head.http_1_0)) {
        return HttpError{501, "this Transfer-Encoding is not supported, only \"chunked\" is"};
    }
    const std::string_view encoding = trimmed(head.field("Content-Encoding"));
    if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
        return HttpError{415, "compressed request bodies are not supported"};
    }
    if (head.has("Expect") && !head.expects_continue) return HttpError{417, "only \"100-continue\" can be expected"};
    return std::nullopt;
}

std::optional<HttpError> check_head(const HttpHead& head) {
    const auto hosts = head.count("Host");
    if (hosts > 1 || (hosts == 0 && !head.http_1_0)) return HttpError{400, "exactly one Host header is needed"};
    return check_body_fields(head);
}

// Whether `bytes`, which stand where a chunk begins, may become "1f4;name=value CR LF". Behind the data of the chunk
// before it, its line end comes first. A size of more digits than a 64-bit number has is none.
bool may_begin_chunk(std::string_view bytes, bool first) {
    if (!first) {
        if (!bytes.starts_with(std::string_view("\r\n").substr(0, bytes.size()))) return false;
        bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 2));
    }
    const auto digits = std::min(bytes.find_first_not_of("0123456789abcdefABCDEF"), bytes.size());
    if (digits > 16 || (digits == 0 && !bytes.empty())) return false;
    return digits == bytes.size() || std::string_view(" \t;\r").find(bytes[digits]) != std::string_view::npos;
}

// Where a line ends in LF alone, at `from` or later. Only up to where the head ends: a body holds what it likes.
std::optional<std::size_t> bare_line_feed(std::string_view text, std::size_t from) {
    text = text.substr(0, text.find("\r\n\r\n"));
    for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        if (at == 0 || text[at - 1] != '\r') return at;
    }
    return std::nullopt;
}

}  // namespace

struct HttpReader::State {
    enum class Phase : std::uint8_t { between, head, body, finished };

    explicit State(HttpLimits given) : limits(given) {}

    std::optional<HttpEvent> begin();
    std::optional<HttpEvent> read_head();
    std::optional<HttpEvent> read_body();
    std::optional<HttpEvent> complete();
    HttpEvent finish_head();
    std::optional<std::size_t> find_bare_line_feed();
    HttpEvent fail(unsigned status, std::string message);
    HttpEvent fail(const boost::beast::error_code& error) { return fail(error, *parser); }
    HttpEvent fail(const boost::beast::error_code& error, const HttpRequestParser& refused_by);
    HttpEvent refuse_bare_line_feed(std::string_view before, const HttpLimits& left, bool after_request_line);
    std::string_view unread() const { return std::string_view(buffer).substr(offset); }
    boost::beast::error_code put();
    void compact();

    HttpLimits limits;
    Phase phase = Phase::between;
    std::string buffer;  // what was fed; before `offset` it is used up
    std::size_t offset = 0;
    std::size_t head_bytes = 0;     // of this head, used up
    std::size_t lines_checked = 0;  // bytes of it whose line ends are right
    std::optional<HttpRequestParser> parser;
    bool keep_alive = false;
    std::optional<std::uint64_t> announced;
    bool collecting = true;
    std::uint64_t body_limit = default_body_limit;
    std::uint64_t body_bytes = 0;
    std::string body;
};

void HttpReader::State::compact() {
    if (offset == 0) return;
    buffer.erase(0, offset);
    offset = 0;
    if (buffer.empty() && buffer.capacity() > keep_capacity) buffer.shrink_to_fit();
}

HttpEvent HttpReader::State::fail(unsigned status, std::string message) {
    phase = Phase::finished;
    buffer.clear();
    offset = 0;
    return HttpError{status, std::move(message)};
}

HttpEvent HttpReader::State::fail(const boost::beast::error_code& error, const HttpRequestParser& refused_by) {
    if (refused_by.refusal_status() == 414) return fail(414, "the request target is too long");
    if (refused_by.refusal_status() == 431) return fail(431, "too many header fields");
    if (error == ParseError::header_limit) {
        // Beast looks at the request line only when it has the whole header, so ask the bytes themselves.
        const bool line_seen = refused_by.request_line_seen() || unread().find('\n') != std::string_view::npos;
        return line_seen ? fail(431, "the request header is too large") : fail(414, "the request target is too long");
    }
    if (error == ParseError::bad_version) return fail(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    return fail(400, "not a valid HTTP request: " + error.message());
}

boost::beast::error_code HttpReader::State::put() {
    boost::beast::error_code error;
    const std::string_view bytes = unread();
    offset += parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    return error;
}

std::optional<HttpEvent> HttpReader::State::begin() {
    // Empty lines in front of a request are to be ignored (RFC 9112, 2.2).
    while (offset < buffer.size() && (buffer[offset] == '\r' || buffer[offset] == '\n')) ++offset;
    if (unread().empty()) return std::nullopt;
    parser.emplace(limits);
    phase = Phase::head;
    head_bytes = 0;
    lines_checked = 0;
    body_bytes = 0;
    body.clear();
    collecting = true;
    body_limit = default_body_limit;
    return read_head();
}

std::optional<HttpEvent> HttpReader::State::read_head() {
    const std::string_view text = unread();
    const bool after_request_line = parser->request_line_seen();
    HttpLimits left = limits;
    left.header_count -= parser->head().fields.size();
    const auto line_feed = find_bare_line_feed();
    const std::size_t before = offset;
    const auto error = put();
    head_bytes += offset - before;
    const bool need_more = error == ParseError::need_more;
    // Beast waits for "CR LF CR LF", and calls "HTTP/1.1 LF" another version.
    if (error && parser->refusal_status() == 0 && line_feed) {
        return refuse_bare_line_feed(text.substr(0, *line_feed), left, after_request_line);
    }
    if (error && !need_more) return fail(error);
    // Beast limits one unfinished line, not the sum of what it has taken.
    if (head_bytes + (need_more ? unread().size() : 0) > limits.header_bytes) return fail(ParseError::header_limit);
    if (need_more) return std::nullopt;
    return finish_head();
}

// What is wrong in the lines `before` the bare LF comes first, so that the answer does not depend on how much of the
// head had arrived when Beast looked at it.
HttpEvent HttpReader::State::refuse_bare_line_feed(std::string_view before, const HttpLimits& left,
                                                   bool after_request_line) {
    HttpRequestParser again(left);
    const std::string head = (after_request_line ? "GET / HTTP/1.1\r\n" : "") + std::string(before);
    boost::beast::error_code earlier;
    again.put(boost::asio::const_buffer(head.data(), head.size()), earlier);
    if (earlier && earlier != ParseError::need_more) return fail(earlier, again);
    return fail(400, "the lines of a request end in CR LF, and one of this request ends in LF alone");
}

// In what is unread. Bytes that were looked at before are not looked at again.
std::optional<std::size_t> HttpReader::State::find_bare_line_feed() {
    const std::size_t from = lines_checked > head_bytes ? lines_checked - head_bytes : 0;
    lines_checked = head_bytes + unread().size();
    return bare_line_feed(unread(), from);
}

HttpEvent HttpReader::State::finish_head() {
    HttpHead head = std::move(parser->head());
    head.keep_alive = parser->keep_alive();
    head.chunked = parser->chunked();
    if (const auto length = parser->content_length()) head.content_length = *length;
    head.expects_continue = equals_ignoring_case(trimmed(head.field("Expect")), "100-continue");
    if (auto error = check_head(head)) return fail(error->status, error->message);
    if (!parse_target(head)) return fail(400, "the request target is not valid percent-encoded UTF-8");
    phase = Phase::body;
    keep_alive = head.keep_alive;
    announced = head.content_length;
    return HeadersReady{std::make_shared<const HttpHead>(std::move(head))};
}

std::optional<HttpEvent> HttpReader::State::read_body() {
    if (announced.value_or(0) > body_limit) return fail(413, "the body is too large");
    // Beast aborts where it is shown a part of the last chunk, "0\r\n\r\n", twice. Of a chunked body that is right,
    // that much is always still to come.
    constexpr std::size_t last_chunk_bytes = 5;
    while (!parser->is_done()) {
        if (unread().empty()) return std::nullopt;
        if (parser->at_chunk_begin() && !may_begin_chunk(unread(), parser->at_first_chunk())) {
            return fail(400, "the size of a chunk is not a hexadecimal number");
        }
        const bool may_be_last = parser->chunked() && unread().front() == '0';
        if (may_be_last && unread().size() < last_chunk_bytes) return std::nullopt;
        const auto error = put();
        if (error == ParseError::need_more) {
            if (unread().size() > limits.header_bytes) return fail(431, "a chunk header or trailer is too large");
            return std::nullopt;
        }
        if (error) return fail(error);
        const std::string_view piece = parser->take_piece();
        body_bytes += piece.size();
        if (body_bytes > body_limit) return fail(413, "the body is too large");
        if (collecting) {
            body += piece;
        } else if (!piece.empty()) {
            return BodyChunk{piece};
        }
    }
    return complete();
}

std::optional<HttpEvent> HttpReader::State::complete() {
    phase = keep_alive ? Phase::between : Phase::finished;
    parser.reset();
    return Complete{std::move(body)};
}

HttpReader::HttpReader(HttpLimits limits) : state_(std::make_unique<State>(limits)) {}
HttpReader::~HttpReader() = default;
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;

void HttpReader::feed(std::string_view bytes) {
    if (state_->phase == State::Phase::finished) return;
    state_->compact();
    state_->buffer += bytes;
}

std::optional<HttpEvent> HttpReader::next() {
    state_->compact();
    switch (state_->phase) {
        case State::Phase::between:
            return state_->begin();
        case State::Phase::head:
            return state_->unread().empty() ? std::nullopt : state_->read_head();
        case State::Phase::body:
            return state_->read_body();
        case State::Phase::finished:
            break;
    }
    return std::nullopt;
}

void HttpReader::collect_body(std::uint64_t limit) {
    state_->collecting = true;
    state_->body_limit = limit;
}

void HttpReader::stream_body(std::uint64_t limit) {
    state_->collecting = false;
    state_->body_limit = limit;
}

bool HttpReader::finished() const {
    return state_->phase == State::Phase::finished;
}
bool HttpReader::in_request() const {
    return state_->phase == State::Phase::head || state_->phase == State::Phase::body;
}
std::size_t HttpReader::buffered_bytes() const {
    return state_->unread().size();
}
std::size_t HttpReader::held_bytes() const {
    return state_->unread().size() + state_->body.size();
}

}  // namespace net
