#pragma once
// Requests to a running server's control API and their answers, over a connection each. Blocks; for the commands.
//
// `patience` is how long one step may take without anything moving. All throw std::runtime_error with a sentence when
// the server cannot be reached, does not answer in time, or ends the connection early.

#include <chrono>
#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>

namespace cli {

struct HttpServer {
    std::string url;        // "http://127.0.0.1:8080"
    std::string api_token;  // empty: none
};

struct HttpRequest {
    std::string method = "GET";
    std::string target;  // path and query
    std::string body = {};
    std::string content_type = "application/json";  // of the body, where there is one
};

struct HttpAnswer {
    unsigned status = 0;
    std::string body = {};
    bool good() const { return status >= 200 && status < 300; }
};

HttpAnswer http_call(const HttpServer& server, const HttpRequest& request, std::chrono::milliseconds patience);

// A body that is sent in pieces, so that memory does not grow with the file.
struct UploadBody {
    std::string before;
    std::istream& bytes;
    std::uint64_t length = 0;  // of `bytes`
    std::string after;
};
using Progress = std::function<void(std::uint64_t done)>;

// request.body is not used. An answer that comes before all was sent (a refusal) is the answer.
HttpAnswer http_upload(const HttpServer& server, const HttpRequest& request, const UploadBody& body,
                       const Progress& progress, std::chrono::milliseconds patience);

struct DownloadSink {
    std::function<void(std::uint64_t length)> begin;  // 2xx only; once, before the first piece
    std::function<void(std::string_view bytes)> piece;
};

// The body of a 2xx goes to the sink; that of another answer into the answer.
HttpAnswer http_download(const HttpServer& server, const std::string& target, const DownloadSink& sink,
                         std::chrono::milliseconds patience);

// Why `url` cannot be that of a server, as a sentence; empty: it can. With the URL that was probably meant.
std::string url_mistake(std::string_view url);

// For one segment of a path, or a value in a query.
std::string percent_encode(std::string_view text);

}  // namespace cli
