#include "server/api/content/sink.h"

#include "config/content_names.h"
#include "server/api/base/answers.h"

namespace api {

namespace {

constexpr const char* any_type = "application/octet-stream";

// Completes the row from the file and hands both over.
std::optional<Error> store(Services& services, ContentFile& file, device::ContentPut&& put) {
    put.row.file = file.file();
    put.row.length = file.length();
    put.row.sha256 = file.sha256();
    put.row.last_modified_us = services.clock.clock(put.row.connector).now_us;
    if (put.row.mime.empty()) put.row.mime = any_type;
    if (auto failure = services.content.put_content(std::move(put))) return failure;
    file.keep();
    return std::nullopt;
}

}  // namespace

FormUpload::FormUpload(Services& services, std::string connector, std::string id, UploadTerms terms,
                       std::string_view boundary)
    : services_(services),
      connector_(std::move(connector)),
      id_(std::move(id)),
      terms_(std::move(terms)),
      form_(boundary),
      file_(services.content, services.options.max_content_bytes, services.options.durable_content) {}

std::optional<Error> FormUpload::write(std::string_view bytes) {
    form_.feed(bytes);
    while (auto event = form_.next()) {
        if (auto error = take(*event)) return error;
    }
    return std::nullopt;
}

std::optional<Error> FormUpload::take(net::MultipartEvent& event) {
    if (auto* error = std::get_if<net::MultipartError>(&event)) return bad_request(std::move(error->message));
    if (auto* begin = std::get_if<net::PartFileBegin>(&event)) {
        if (have_file_) return bad_request("the form contains more than one file");
        have_file_ = true;
        part_mime_ = std::move(begin->content_type);
        if (!config::is_media_type(part_mime_)) return bad_request(config::media_type_rule, "Content-Type");
    }
    if (auto* piece = std::get_if<net::PartFileBytes>(&event)) return file_.write(piece->bytes);
    return std::nullopt;
}

Outcome FormUpload::finish() {
    if (!form_.ended() || !have_file_) return bad_request("the form must be complete and hold a file");
    if (auto error = file_.close()) return *error;
    if (!terms_.sha256.empty() && file_.sha256() != terms_.sha256) {
        return bad_request("the bytes do not match the announced sha256");
    }
    device::ContentPut put;
    put.row.connector = connector_;
    put.row.id = id_;
    put.row.mime = terms_.mime.empty() ? part_mime_ : terms_.mime;
    put.row.tags_json = terms_.tags_json;
    if (auto error = store(services_, file_, std::move(put))) return *error;
    return empty_response();
}

DeviceUpload::DeviceUpload(Services& services, const Request& request, std::string identity)
    : services_(services),
      file_(services.content, services.options.max_content_bytes, services.options.durable_content) {
    put_.from_device = true;
    put_.connection_id = request.peer.connection_id;
    put_.ip = request.peer.ip;
    put_.row.connector = request.peer.connector;
    put_.row.id = item_id(identity, request.param("name"));
    put_.row.mime = request.head->media_type();
    put_.row.owner = std::move(identity);
}

std::string DeviceUpload::item_id(const std::string& identity, const std::string& name) {
    return "device2/" + identity + '/' + name;
}

Outcome DeviceUpload::finish() {
    if (auto error = file_.close()) return *error;
    const bool replaced = services_.content.content_item(put_.row.connector, put_.row.id).has_value();
    if (auto error = store(services_, file_, std::move(put_))) return *error;
    return empty_response(replaced ? 204 : 201);
}

}  // namespace api
