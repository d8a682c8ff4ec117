#pragma once
// Content: the items of a connector and of its devices, and the folder of their files.
// A part of ControlPort, which has the rules for threads and errors.

#include "server/core/control_error.h"
#include "storage/rows.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace device {

struct ContentPut {
    storage::ContentRow row;   // row.file: a file already complete in content_dir()
    bool from_device = false;  // event content_in [R65]
    std::string connection_id, ip;
};

class ContentPort {
  public:
    virtual ~ContentPort() = default;

    virtual std::filesystem::path content_dir() = 0;
    virtual std::string new_content_file() = 0;  // a fresh file name inside content_dir()
    virtual std::vector<storage::ContentRow> content(
        std::string_view connector) = 0;  // of the connector and its devices, sorted by id
    virtual std::optional<storage::ContentRow> content_item(std::string_view connector, std::string_view id) = 0;
    virtual Failure put_content(ContentPut&& put) = 0;  // the file of a replaced item is removed after the commit
    virtual Failure delete_content(std::string_view connector, std::string_view id) = 0;
};

}  // namespace device
