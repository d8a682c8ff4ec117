#pragma once
// The first byte selects the chunk size, the first line is a Content-Type, the rest the body: a multipart form if the
// line names a boundary, else an urlencoded one. Parts do not depend on the chunks and keep within the limits.

#include "server/http/form.h"
#include "server/http/multipart.h"
#include "tests/fuzz/targets/require.h"

#include <string>
#include <string_view>

namespace fuzz {

inline constexpr net::MultipartLimits form_limits{.part_header_bytes = 200, .field_bytes = 100, .parts = 5};

class FormStory {
  public:
    explicit FormStory(std::string_view boundary) : reader_(boundary, form_limits) {}

    void feed(std::string_view bytes) {
        reader_.feed(bytes);
        while (auto event = reader_.next()) std::visit(*this, *event);
    }
    const std::string& told() const { return told_; }

    void operator()(const net::PartField& field) {
        part();
        require(field.value.size() <= form_limits.field_bytes);
        told_ += "field " + field.name + "=" + field.value + ";";
    }
    void operator()(const net::PartFileBegin& file) {
        part();
        in_file_ = true;
        told_ += "file " + file.name + "," + file.filename + "," + file.content_type + "<";
    }
    void operator()(const net::PartFileBytes& piece) {
        require(in_file_);
        told_ += piece.bytes;
    }
    void operator()(const net::PartFileEnd&) {
        require(in_file_);
        in_file_ = false;
        told_ += ">;";
    }
    void operator()(const net::MultipartEnd&) {
        part();
        over_ = true;
        require(reader_.ended());
        told_ += "end";
    }
    void operator()(const net::MultipartError& error) {
        require(!over_ && !error.message.empty() && !reader_.ended());
        over_ = true;
        // How much of a file came before its missing end was noticed may depend on the chunks; the error may not.
        told_ += in_file_ ? "error in a file" : "error";
    }

  private:
    void part() { require(!over_ && !in_file_ && ++parts_ <= form_limits.parts + 1); }

    net::MultipartReader reader_;
    std::string told_;
    std::size_t parts_ = 0;
    bool in_file_ = false;
    bool over_ = false;
};

inline std::string form_story(std::string_view boundary, std::string_view body, std::size_t chunk) {
    FormStory story(boundary);
    while (!body.empty()) {
        const std::string block(body.substr(0, chunk));
        body.remove_prefix(block.size());
        story.feed(block);
    }
    return story.told();
}

inline void urlencoded(std::string_view body) {
    const auto pairs = net::parse_form(body, 20);
    if (!pairs) return;
    require(pairs->size() <= 20);
    std::string written;
    for (const auto& pair : *pairs) {
        written += net::percent_encode(pair.name) + "=" + net::percent_encode(pair.value) + "&";
    }
    const auto again = net::parse_form(written, 20);
    require(again && again->size() == pairs->size());
    for (std::size_t i = 0; i < pairs->size(); ++i) {
        require((*again)[i].name == (*pairs)[i].name && (*again)[i].value == (*pairs)[i].value);
    }
}

inline void forms(std::string_view bytes) {
    if (bytes.empty()) return;
    const std::size_t chunk = 1 + static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    const auto line = bytes.substr(0, bytes.find('\n'));
    const auto body = line.size() < bytes.size() ? bytes.substr(line.size() + 1) : std::string_view{};
    const auto boundary = net::multipart_boundary(line);
    if (!boundary) return urlencoded(body);
    require(!boundary->empty() && boundary->size() <= 70);
    require(form_story(*boundary, body, chunk) == form_story(*boundary, body, body.size()));
}

}  // namespace fuzz
