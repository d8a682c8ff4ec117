#include "server/cli/http_client.h"

#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

struct Address {
    std::string host, port;
};

Address parse_base(const std::string& base) {
    constexpr std::string_view scheme = "http://";
    if (!base.starts_with(scheme)) throw std::runtime_error("\"" + base + "\" is not of the form http://HOST:PORT");
    auto rest = base.substr(scheme.size());
    rest = rest.substr(0, rest.find('/'));
    const auto colon = rest.rfind(':');
    const bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
    auto host = has_port ? rest.substr(0, colon) : rest;
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    return {host, has_port ? rest.substr(colon + 1) : "80"};
}

// Runs what was started on the stream until it is done or its time is over.
class Exchange {
  public:
    explicit Exchange(std::chrono::milliseconds within) : stream_(io_) { stream_.expires_after(within); }

    HttpAnswer run(const Address& address, const http::request<http::empty_body>& request) {
        asio::ip::tcp::resolver resolver(io_);
        const auto found = resolver.resolve(address.host, address.port);
        beast::flat_buffer buffer;
        http::response<http::string_body> response;
        stream_.async_connect(found, [&](beast::error_code error, const auto&) {
            if (failed(error)) return;
            http::async_write(stream_, request, [&](beast::error_code written, std::size_t) {
                if (failed(written)) return;
                http::async_read(stream_, buffer, response, [&](beast::error_code read, std::size_t) { failed(read); });
            });
        });
        io_.run();
        if (error_) throw beast::system_error(error_);
        return {response.result_int(), std::move(response.body())};
    }

  private:
    bool failed(beast::error_code error) {
        error_ = error;
        return static_cast<bool>(error);
    }

    asio::io_context io_{1};
    beast::tcp_stream stream_;
    beast::error_code error_;
};

}  // namespace

HttpAnswer http_get(const std::string& base, const std::string& target, const std::string& api_token,
                    std::chrono::milliseconds within) {
    const auto address = parse_base(base);
    http::request<http::empty_body> request{http::verb::get, target, 11};
    request.set(http::field::host, address.host + ":" + address.port);
    if (!api_token.empty()) request.set(http::field::authorization, "Bearer " + api_token);
    try {
        return Exchange(within).run(address, request);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("no answer from " + base + ": " + error.code().message());
    }
}

}  // namespace cli
