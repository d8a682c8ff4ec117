#pragma once
// Requests to a running server's control API, each on its own connection. Blocks; for the commands.
//
// `patience`: the longest time without progress. All throw std::runtime_error with a sentence if the server cannot be
// reached, does not answer in time, or closes the connection early.

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
    std::string content_type = "application/json";  // of the body, if any
};

struct HttpAnswer {
    unsigned status = 0;
    std::string body = {};
    bool good() const { return status >= 200 && status < 300; }
};

HttpAnswer http_call(const HttpServer& server, const HttpRequest& request, std::chrono::milliseconds patience);

// A body sent in pieces, so that memory does not grow with the file.
struct UploadBody {
    std::string before;
    std::istream& bytes;
    std::uint64_t length = 0;  // of `bytes`
    std::string after;
};
using Progress = std::function<void(std::uint64_t done)>;

// request.body is not used. Returns an answer that comes before everything is sent (a refusal).
HttpAnswer http_upload(const HttpServer& server, const HttpRequest& request, const UploadBody& body,
                       const Progress& progress, std::chrono::milliseconds patience);

struct DownloadSink {
    std::function<void(std::uint64_t length)> begin;  // 2xx only; once, before the first piece
    std::function<void(std::string_view bytes)> piece;
};

// The body of a 2xx goes to the sink; any other into the answer.
HttpAnswer http_download(const HttpServer& server, const std::string& target, const DownloadSink& sink,
                         std::chrono::milliseconds patience);

// Why `url` cannot be a server's, as a sentence with the likely URL; empty: it can.
std::string url_mistake(std::string_view url);

// For one path segment, or a value in a query.
std::string percent_encode(std::string_view text);

}  // namespace cli
