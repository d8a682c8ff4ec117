// /_emulator/v1/snapshots: named copies of everything that is kept.
#include "server/control/snapshots.h"

#include "server/api/base/handlers.h"
#include "server/api/base/rooms.h"
#include "server/api/emulator/snapshot_upload.h"

namespace api {

using config::JsonNode;

namespace {

// The journal's and the content's limits are below it; what is larger is no snapshot of ours.
constexpr std::uint64_t most_snapshot_bytes = 16ULL * 1024 * 1024 * 1024;
constexpr const char* media_type = "application/vnd.sqlite3";

const RouteAnswer bad_name{400, "a bad name", "application/json"};
const RouteAnswer unknown{404, "unknown", "application/json"};

Outcome list(Services& services) {
    JsonNode all = JsonNode::array();
    for (const auto& one : services.snapshots.snapshots()) {
        all.items.push_back(JsonNode::object({{"name", JsonNode::of(one.name)},
                                              {"bytes", JsonNode::number(std::to_string(one.bytes))},
                                              {"saved_us", number_node(one.saved_us)},
                                              {"version", number_node(one.version)}}));
    }
    JsonNode answer = JsonNode::object();
    answer.put("snapshots", std::move(all));
    return json_response(answer);
}

Outcome download(Services& services, const Request& request) {
    const auto file = services.snapshots.snapshot_file(request.param("name"));
    std::error_code error;
    const auto length = file.empty() ? 0 : std::filesystem::file_size(file, error);
    if (file.empty() || error) return not_found("there is no such snapshot");
    net::HttpResponse response = text_response("", 200, media_type);
    response.set("Content-Disposition", "attachment; filename=\"" + file.filename().string() + '"');
    response.file = net::FileRange{file.string(), 0, length};
    return response;
}

SinkOutcome upload(Services& services, const Request& request) {
    const auto& name = request.param("name");
    if (!device::is_snapshot_name(name)) {
        return bad_request(
            "a snapshot's name has 1 to 64 letters, digits, dots, underscores and hyphens, and begins with a letter or "
            "digit",
            "name");
    }
    return std::make_unique<SnapshotUpload>(services, name);
}

void add_file_routes(Routes& routes, Services& services, const std::string& path) {
    Route get{"GET", path + "/file", Family::emulator, "The snapshot as a file, credentials included"};
    get.answers = {{200, "the file", media_type},
                   unknown,
                   {503, "limits.max_downloads is reached; Retry-After says when to try again", "application/json"}};
    get.handler = [&services](const Request& request) {
        return in_room(services.rooms.downloads, "limits.max_downloads", [&] { return download(services, request); });
    };
    routes.push_back(std::move(get));

    Route put{"PUT", path + "/file", Family::emulator,
              "Takes a file that another instance exported, when it has been checked; replaces one of that name"};
    put.body = BodyKind::bytes;
    put.body_limit = most_snapshot_bytes;
    put.answers = {{204, "done", ""},
                   {400, "a bad name, no snapshot, or a damaged one", "application/json"},
                   {409, "made by a newer version", "application/json"},
                   {503, "limits.max_uploads is reached; Retry-After says when to try again", "application/json"},
                   {507, "the disk refuses it", "application/json"}};
    put.sink = [&services](const Request& request) {
        return in_upload_room(services, [&] { return upload(services, request); });
    };
    routes.push_back(std::move(put));
}

}  // namespace

void add_snapshot_routes(Routes& routes, Services& services) {
    const std::string all = "/_emulator/v1/snapshots";
    const std::string path = all + "/{name}";
    Route get{"GET", all, Family::emulator, "The snapshots, by name"};
    get.answers = {{200, "{snapshots: [{name, bytes, saved_us, version}]}", "application/json"}};
    get.handler = [&services](const Request&) { return list(services); };
    routes.push_back(std::move(get));

    Route save{"POST", path, Family::emulator, "Saves everything that is kept under this name; replaces an older one"};
    save.answers = {{201, "saved", ""}, bad_name, {507, "the disk refuses it", "application/json"}};
    save.handler = [&services](const Request& request) {
        return when_done(services.snapshots.save_snapshot(request.param("name")), 201);
    };
    routes.push_back(std::move(save));

    Route load{"POST", path + "/load", Family::emulator,
               "Replaces all stored data by the snapshot's; closes the connections of all devices"};
    load.answers = {{204, "loaded", ""},
                    {400, "a bad name, or the file is damaged", "application/json"},
                    unknown,
                    {409, "made by a newer version", "application/json"},
                    {507, "the disk refuses it", "application/json"}};
    load.handler = [&services](const Request& request) {
        return when_done(services.snapshots.load_snapshot(request.param("name")), 204);
    };
    routes.push_back(std::move(load));

    Route remove{"DELETE", path, Family::emulator, "Removes a snapshot"};
    remove.answers = {{204, "done", ""}, bad_name, unknown};
    remove.handler = [&services](const Request& request) {
        return done(services.snapshots.delete_snapshot(request.param("name")));
    };
    routes.push_back(std::move(remove));
    add_file_routes(routes, services, path);
}

}  // namespace api
