#pragma once
// Internal to HttpReader: Beast's parser; fills an HttpHead and returns body pieces as views.

#include "server/http/head.h"
#include "server/http/reader.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

namespace net {

class HttpRequestParser final : public boost::beast::http::basic_parser<true> {
  public:
    explicit HttpRequestParser(const HttpLimits& limits);

    HttpHead& head() { return head_; }
    // The body piece found by the last put(), a view into its input.
    std::string_view take_piece();
    bool request_line_seen() const { return !head_.method.empty(); }
    // Next comes a chunk's first line, preceded by the line end of the previous chunk unless it is the first.
    bool at_chunk_begin() const { return chunked() && in_trailer_ && chunk_left_ == 0; }
    bool at_first_chunk() const { return first_chunk_; }
    // The status with which a callback of ours refused; 0: none did.
    unsigned refusal_status() const { return refusal_status_; }

  private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    void refuse(unsigned status, error_code& error);

    void on_request_impl(boost::beast::http::verb verb, text method, text target, int version,
                         error_code& error) override;
    void on_response_impl(int code, text reason, int version, error_code& error) override;
    void on_field_impl(boost::beast::http::field known, text name, text value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
    std::size_t on_body_impl(text body, error_code& error) override;
    void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, text body, error_code& error) override;
    void on_finish_impl(error_code& error) override;

    HttpLimits limits_;
    HttpHead head_;
    std::string_view piece_;
    unsigned refusal_status_ = 0;
    bool in_trailer_ = false;
    std::uint64_t chunk_left_ = 0;  // of the current chunk's data
    bool first_chunk_ = true;
};

}  // namespace net
