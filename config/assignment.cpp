#include "config/assignment.h"

namespace config {

std::string_view kind_name(Origin::Kind kind) {
    switch (kind) {
        case Origin::Kind::built_in:
            return "default";
        case Origin::Kind::file:
            return "file";
        case Origin::Kind::environment:
            return "environment";
        case Origin::Kind::flag:
            return "flag";
    }
    return "?";
}

std::string to_string(const Origin& origin) {
    std::string text(kind_name(origin.kind));
    if (!origin.source.empty()) text += " " + origin.source;
    if (origin.kind != Origin::Kind::file) return text;
    return text + ":" + std::to_string(origin.at.line) + ":" + std::to_string(origin.at.column);
}

Problem problem_at(const Origin& origin, const Setting& setting, std::string message) {
    switch (origin.kind) {
        case Origin::Kind::file:
            return {origin.source, origin.at.line, origin.at.column, std::string(setting.path), std::move(message)};
        case Origin::Kind::built_in:
            return {"", 0, 0, std::string(name_of(setting)), std::move(message)};
        default:
            return {origin.source, 0, 0, "", std::move(message)};
    }
}

}  // namespace config
