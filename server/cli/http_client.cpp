#include "server/cli/http_client.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t piece_bytes = 256 * 1024;

struct Address {
    std::string host, port;
    std::string authority() const {
        return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
    }
};

constexpr std::string_view scheme = "http://";

// Of a URL that url_mistake() has nothing against.
Address parse_base(const std::string& base) {
    if (const auto mistake = url_mistake(base); !mistake.empty()) throw std::runtime_error(mistake);
    auto rest = base.substr(scheme.size());
    rest = rest.substr(0, rest.find('/'));
    const auto colon = rest.rfind(':');
    const bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
    auto host = has_port ? rest.substr(0, colon) : rest;
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    return {host, has_port ? rest.substr(colon + 1) : "80"};
}

// A connection on which every step has the same time limit.
class Link {
  public:
    Link(const HttpServer& server, std::chrono::milliseconds patience)
        : address_(parse_base(server.url)), token_(server.api_token), patience_(patience), stream_(io_) {
        asio::ip::tcp::resolver resolver(io_);
        const auto found = resolver.resolve(address_.host, address_.port);
        await([&](auto done) { stream_.async_connect(found, done); });
    }

    void send_head(const HttpRequest& request, std::uint64_t length) {
        http::request<http::empty_body> head{http::string_to_verb(request.method), request.target, 11};
        head.set(http::field::host, address_.authority());
        head.set(http::field::connection, "close");
        if (!token_.empty()) head.set(http::field::authorization, "Bearer " + token_);
        if (length > 0) head.set(http::field::content_type, request.content_type);
        if (length > 0 || request.method != "GET") head.content_length(length);
        http::request_serializer<http::empty_body> serializer(head);
        await([&](auto done) { http::async_write_header(stream_, serializer, done); });
    }

    void send(std::string_view bytes) {
        if (bytes.empty()) return;
        await([&](auto done) { asio::async_write(stream_, asio::buffer(bytes), done); });
    }

    HttpAnswer read_answer() {
        http::response_parser<http::string_body> parser;
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());
        await([&](auto done) { http::async_read(stream_, buffer_, parser, done); });
        return {parser.get().result_int(), std::move(parser.get().body())};
    }

    HttpAnswer read_into(const DownloadSink& sink) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());
        await([&](auto done) { http::async_read_header(stream_, buffer_, parser, done); });
        const auto length = parser.content_length();
        if (parser.get().result_int() / 100 != 2 || !length) {
            await([&](auto done) { http::async_read(stream_, buffer_, parser, done); });
            return {parser.get().result_int(), std::move(parser.get().body())};
        }
        sink.begin(*length);
        read_pieces(*length, sink);
        return {parser.get().result_int()};
    }

  private:
    // Without Beast's parser, whose small reads would take many times as long.
    void read_pieces(std::uint64_t left, const DownloadSink& sink) {
        const auto begun = std::min<std::uint64_t>(left, buffer_.size());
        const auto data = buffer_.data();
        sink.piece({static_cast<const char*>(data.data()), static_cast<std::size_t>(begun)});
        left -= begun;
        std::string piece(piece_bytes, '\0');
        while (left > 0) {
            const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
            std::size_t got = 0;
            await([&](auto done) {
                stream_.async_read_some(asio::buffer(piece.data(), most), [&got, done](auto error, std::size_t bytes) {
                    got = bytes;
                    done(error, bytes);
                });
            });
            sink.piece(std::string_view(piece).substr(0, got));
            left -= got;
        }
    }

    // Runs one step that was started until it is done or its time is over.
    template <typename Start>
    void await(const Start& start) {
        beast::error_code result;
        io_.restart();
        stream_.expires_after(patience_);
        start([&result](beast::error_code error, const auto&...) { result = error; });
        io_.run();
        if (result) throw beast::system_error(result);
    }

    Address address_;
    std::string token_;
    std::chrono::milliseconds patience_;
    asio::io_context io_{1};
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
};

template <typename Exchange>
HttpAnswer on_link(const HttpServer& server, std::chrono::milliseconds patience, const Exchange& exchange) {
    try {
        Link link(server, patience);
        return exchange(link);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("no answer from " + server.url + ": " + error.code().message());
    }
}

void send_pieces(Link& link, const UploadBody& body, const Progress& progress) {
    link.send(body.before);
    std::string piece(piece_bytes, '\0');
    for (std::uint64_t done = 0; done < body.length;) {
        const auto want = std::min<std::uint64_t>(piece.size(), body.length - done);
        body.bytes.read(piece.data(), static_cast<std::streamsize>(want));
        if (static_cast<std::uint64_t>(body.bytes.gcount()) != want) {
            throw std::runtime_error("the file became shorter while it was read");
        }
        link.send(std::string_view(piece).substr(0, static_cast<std::size_t>(want)));
        done += want;
        progress(done);
    }
    link.send(body.after);
}

}  // namespace

HttpAnswer http_call(const HttpServer& server, const HttpRequest& request, std::chrono::milliseconds patience) {
    return on_link(server, patience, [&](Link& link) {
        link.send_head(request, request.body.size());
        link.send(request.body);
        return link.read_answer();
    });
}

HttpAnswer http_upload(const HttpServer& server, const HttpRequest& request, const UploadBody& body,
                       const Progress& progress, std::chrono::milliseconds patience) {
    return on_link(server, patience, [&](Link& link) {
        link.send_head(request, body.before.size() + body.length + body.after.size());
        try {
            send_pieces(link, body, progress);
        } catch (const boost::system::system_error&) {
            // The server may have refused and closed: then its answer is there to be read.
            return link.read_answer();
        }
        return link.read_answer();
    });
}

HttpAnswer http_download(const HttpServer& server, const std::string& target, const DownloadSink& sink,
                         std::chrono::milliseconds patience) {
    return on_link(server, patience, [&](Link& link) {
        link.send_head({"GET", target}, 0);
        return link.read_into(sink);
    });
}

std::string url_mistake(std::string_view url) {
    std::string form = "\"" + std::string(url) + "\" is not of the form http://HOST:PORT";
    if (url.starts_with("https://")) return form + ": the commands use the port of --api, which has no TLS";
    if (!url.starts_with(scheme)) {
        const bool any_scheme = url.find("://") != std::string_view::npos;
        return any_scheme || url.empty() ? form : form + "; did you mean http://" + std::string(url) + "?";
    }
    auto rest = url.substr(scheme.size());
    rest = rest.substr(0, rest.find('/'));
    const auto colon = rest.rfind(':');
    if (rest.empty() || colon == 0) return form;
    if (colon == std::string_view::npos || rest.find(']', colon) != std::string_view::npos) return {};
    const auto port = rest.substr(colon + 1);
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    const bool fits = error == std::errc{} && end == port.data() + port.size() && number > 0 && number <= 65535;
    return fits ? std::string() : form + ": a port is a number from 1 to 65535";
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return encoded;
}

}  // namespace cli
