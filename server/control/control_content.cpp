// Content items as the control side sees them. Files are written by the caller, rows are kept here.

#include "server/control/control_service.h"
#include "server/core/connector.h"

#include <utility>

namespace device {

std::vector<storage::ContentRow> ControlService::content(std::string_view connector) {
    return parts_.context.reader.content(connector);
}

std::optional<storage::ContentRow> ControlService::content_item(std::string_view connector, std::string_view id) {
    return parts_.context.reader.content_item(connector, id);
}

Failure ControlService::put_content(ContentPut&& put) {
    auto* connector = parts_.table.find_or_make_connector(put.row.connector);
    if (connector == nullptr) return ControlError{ErrorKind::not_found, "There is no such connector.", {}};
    const auto at = now(connector->id);
    put.row.last_modified_us = at.wall_us;
    const auto old = parts_.context.reader.content_item(put.row.connector, put.row.id);
    if (put.from_device) {
        parts_.recorder.event({connector->id, put.row.owner, put.connection_id, put.ip, journal::Protocol::http},
                              journal::EventType::content_in, at,
                              journal::ContentPayload{put.row.id, put.row.length, put.row.mime});
    }
    parts_.context.commits.change(storage::PutContent{std::move(put.row)});
    if (old) parts_.files.remove_after_commit({old->file});
    return std::nullopt;
}

Failure ControlService::delete_content(std::string_view connector, std::string_view id) {
    const auto row = parts_.context.reader.content_item(connector, id);
    if (!row) return ControlError{ErrorKind::not_found, "There is no content item \"" + std::string(id) + "\".", {}};
    parts_.context.commits.change(storage::DeleteContent{row->connector, row->id});
    parts_.files.remove_after_commit({row->file});
    return std::nullopt;
}

}  // namespace device
