#pragma once
// The first two bytes select chunk size, body mode and body limit; the rest is the stream of a connection. The output
// does not depend on the chunks, except that a wrong head may be refused before it is complete; memory stays within the
// input and the limits.

#include "server/http/form.h"
#include "server/http/range.h"
#include "server/http/reader.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace fuzz {

inline void check_head(const net::HttpHead& head) {
    require(!head.method.empty() && head.fields.size() <= net::HttpLimits{}.header_count);
    require(!(head.chunked && head.content_length));
    const net::FileVersion version{"\"tag\"", 1'700'000'000'000'000, 1000};
    const auto range = net::decide_range(head, version);
    require(range.offset <= version.size && range.length <= version.size - range.offset);
    for (const auto& segment : head.segments) require(net::percent_decode(net::percent_encode(segment)) == segment);
}

struct HttpChoice {
    bool streaming = false;
    std::uint64_t limit = 0;
};

class HttpStory {
  public:
    explicit HttpStory(HttpChoice choice) : choice_(choice) {}

    void feed(std::string_view bytes) {
        reader_.feed(bytes);
        while (auto event = reader_.next()) take(*event);
        require(reader_.held_bytes() <= fed_ + bytes.size() + choice_.limit);
        fed_ += bytes.size();
    }
    const std::string& told() const { return told_; }
    unsigned refusal() const { return refusal_; }  // 0: none

  private:
    void take(net::HttpEvent& event) {
        require(refusal_ == 0);  // nothing follows an error
        if (const auto* ready = std::get_if<net::HeadersReady>(&event)) {
            check_head(*ready->head);
            told_ += "head " + ready->head->method + " " + ready->head->target + ";";
            choice_.streaming ? reader_.stream_body(choice_.limit) : reader_.collect_body(choice_.limit);
        } else if (const auto* piece = std::get_if<net::BodyChunk>(&event)) {
            streamed_ += piece->bytes;
            require(choice_.streaming && streamed_.size() <= choice_.limit);
        } else if (const auto* complete = std::get_if<net::Complete>(&event)) {
            require(complete->body.size() <= choice_.limit);
            told_ += "body " + (choice_.streaming ? std::exchange(streamed_, {}) : complete->body) + ";";
        } else {
            const auto& error = std::get<net::HttpError>(event);
            require(error.status >= 400 && error.status < 600 && !error.message.empty() && reader_.finished());
            refusal_ = error.status;
        }
    }

    HttpChoice choice_;
    net::HttpReader reader_;
    std::string told_;
    std::string streamed_;
    std::size_t fed_ = 0;
    unsigned refusal_ = 0;
};

inline HttpStory http_story(std::string_view bytes, std::size_t chunk, HttpChoice choice) {
    HttpStory story(choice);
    while (!bytes.empty()) {
        const std::string block(bytes.substr(0, chunk));
        bytes.remove_prefix(block.size());
        story.feed(block);
    }
    return story;
}

inline void http(std::string_view bytes) {
    if (bytes.size() < 2) return;
    const std::size_t chunk = 1 + static_cast<unsigned char>(bytes[0]);
    const auto choice = static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    const HttpChoice chosen{choice % 2 == 1, choice / 2U};
    const auto in_pieces = http_story(bytes, chunk, chosen);
    const auto whole = http_story(bytes, bytes.size(), chosen);
    require(in_pieces.told() == whole.told());
    require(in_pieces.refusal() == whole.refusal() || in_pieces.refusal() == 0 || whole.refusal() == 0);
}

}  // namespace fuzz
