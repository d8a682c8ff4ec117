#pragma once
// A request body that should be a JSON object. Mistakes are collected while it is read; error() returns the first with
// its JSON path, line, column and offset. Depth is limited to 64; duplicate keys are errors.

#include "config/json_tree.h"
#include "config/object_reader.h"
#include "config/problems.h"
#include "server/api/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace api {

class JsonBody {
  public:
    // `text` must outlive this. `optional`: empty text counts as an empty object.
    JsonBody(std::string_view text, config::KeyMode mode, bool optional = false);
    JsonBody(const JsonBody&) = delete;
    JsonBody& operator=(const JsonBody&) = delete;

    // The whole object; paths begin with "$".
    config::ObjectReader& object() { return object_; }
    const config::JsonNode* root() const { return root_ ? &*root_ : nullptr; }

    // A whole number; with `also_text` also as a string of digits (Murano's tools send both).
    std::optional<std::int64_t> integer(config::ObjectReader& from, std::string_view key, bool also_text = false);
    std::optional<bool> boolean(config::ObjectReader& from, std::string_view key);
    std::optional<std::string> text(config::ObjectReader& from, std::string_view key);

    void refuse(const config::JsonNode* at, std::string path, std::string message);

    // After reading: what was wrong, if anything. Keys that nobody asked for are errors in strict mode.
    std::optional<Error> error();

  private:
    std::string_view text_;
    config::Problems problems_;
    config::ReadContext context_;
    std::optional<config::JsonNode> root_;
    config::ObjectReader object_;
};

// The first of them as an error 400.
Error to_error(const config::Problems& problems);

}  // namespace api
