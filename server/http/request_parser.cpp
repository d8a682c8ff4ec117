#include "server/http/request_parser.h"

#include <boost/beast/http/error.hpp>

namespace net {

HttpRequestParser::HttpRequestParser(const HttpLimits& limits) : limits_(limits) {
    eager(false);  // one piece of body per put()
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(boost::none);  // counted by HttpReader, whose limit comes only after the head
}

std::string_view HttpRequestParser::take_piece() {
    const std::string_view piece = piece_;
    piece_ = {};
    return piece;
}

void HttpRequestParser::refuse(unsigned status, error_code& error) {
    refusal_status_ = status;
    error = boost::beast::http::error::bad_field;
}

void HttpRequestParser::on_request_impl(boost::beast::http::verb /*verb*/, text method, text target, int version,
                                        error_code& error) {
    if (target.size() > limits_.target_bytes) return refuse(414, error);
    head_.method.assign(method.data(), method.size());
    head_.target.assign(target.data(), target.size());
    head_.http_1_0 = version == 10;
}

void HttpRequestParser::on_response_impl(int /*code*/, text /*reason*/, int /*version*/, error_code& error) {
    refuse(400, error);  // never called for requests
}

void HttpRequestParser::on_field_impl(boost::beast::http::field /*known*/, text name, text value, error_code& error) {
    if (in_trailer_) return;  // trailers are allowed and mean nothing here
    if (head_.fields.size() == limits_.header_count) return refuse(431, error);
    head_.fields.push_back({std::string(name.data(), name.size()), std::string(value.data(), value.size())});
}

void HttpRequestParser::on_header_impl(error_code& /*error*/) {
    in_trailer_ = true;
}

void HttpRequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, error_code& /*error*/) {}

std::size_t HttpRequestParser::on_body_impl(text body, error_code& /*error*/) {
    piece_ = {body.data(), body.size()};
    return body.size();
}

void HttpRequestParser::on_chunk_header_impl(std::uint64_t size, text /*extensions*/, error_code& /*error*/) {
    chunk_left_ = size;
    first_chunk_ = false;
}

std::size_t HttpRequestParser::on_chunk_body_impl(std::uint64_t remain, text body, error_code& /*error*/) {
    chunk_left_ = remain - body.size();
    piece_ = {body.data(), body.size()};
    return body.size();
}

void HttpRequestParser::on_finish_impl(error_code& /*error*/) {}

}  // namespace net
