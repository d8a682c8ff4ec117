#include "server/control/kept_rows.h"

#include "config/address.h"
#include "config/json_tree.h"
#include "config/names.h"
#include "protocol/topic_filter.h"
#include "protocol/utf8_string.h"
#include "server/core/connector.h"
#include "server/journal/event_codec.h"
#include "server/runtime/emulator_clock.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace device {
namespace {

using Why = std::optional<std::string>;

constexpr std::size_t longest_identity = 255;
constexpr std::size_t sha256_digits = 64;

bool is_text(std::string_view text) {
    return protocol::check_text(text) <= protocol::TextQuality::doubtful;
}

Why no_text(std::string_view column) {
    return std::string(column) + " is not UTF-8 text";
}

// --- JSON that is parsed when somebody asks for it ---

Why bad_tags(std::string_view tags_json, config::JsonNode::Kind kind) {
    if (tags_json.empty()) return std::nullopt;
    const auto tags = config::parse_json(tags_json, config::JsonDialect::strict);
    if (!tags.root || !tags.faults.empty()) return "its tags are not JSON";
    if (!tags.root->is(kind)) return "its tags are JSON of another kind";
    return std::nullopt;
}

// --- rows ---

Why bad_connector(const storage::ConnectorRow& row, const config::ConnectorSettings& defaults) {
    if (!config::is_connector_id(row.connector)) return "connector is not the name of a connector";
    std::string error;
    if (!kept_settings(row, defaults, error)) return "its settings do not parse: " + error;
    return std::nullopt;
}

Why bad_credential(const storage::IdentityRow& row, const CertificateTools& certificates) {
    if (row.auth_type.empty()) return std::nullopt;
    const auto type = config::parse_enum<config::AuthType>(row.auth_type);
    if (!type) return "auth_type is none of " + config::enum_choices<config::AuthType>();
    std::string error;
    if (*type == config::AuthType::certificate && !row.key.empty() && !certificates.describe(row.key, error)) {
        return "its certificate cannot be read: " + error;
    }
    return std::nullopt;
}

Why bad_identity(const storage::IdentityRow& row, const CertificateTools& certificates) {
    if (!config::is_connector_id(row.connector)) return "connector is not the name of a connector";
    const bool named = !row.identity.empty() && row.identity.size() <= longest_identity && is_text(row.identity);
    if (!named) return "identity is not a text of 1 to 255 bytes";
    if (!is_text(row.last_ip)) return no_text("last_ip");
    if (auto why = bad_tags(row.tags_json, config::JsonNode::Kind::array)) return why;
    return bad_credential(row, certificates);
}

Why bad_value(const storage::ValueRow& row) {
    if (row.alias.empty() || !is_text(row.alias)) return no_text("alias");
    return std::nullopt;
}

Why bad_session(const storage::SessionRow& row) {
    if (!is_text(row.client_id)) return no_text("client_id");
    const bool sound = std::all_of(row.filters.begin(), row.filters.end(), protocol::valid_topic_filter);
    if (!sound) return "filters contains an invalid topic filter";
    return std::nullopt;
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_identity && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

bool is_sha256(std::string_view digits) {
    return digits.size() == sha256_digits && std::all_of(digits.begin(), digits.end(), [](char c) {
               return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9');
           });
}

// Into a header: no control characters.
bool is_header_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

Why bad_content(const storage::ContentRow& row) {
    if (!config::is_connector_id(row.connector)) return "connector is not the name of a connector";
    if (row.id.empty() || !is_text(row.id)) return no_text("id");
    if (!is_file_name(row.file)) return "file is not a name that the server generates";
    if (!is_text(row.mime) || !is_header_text(row.mime)) return "mime is not a media type";
    if (!row.sha256.empty() && !is_sha256(row.sha256)) return "sha256 has not 64 hexadecimal digits";
    if (!is_text(row.owner)) return no_text("owner");
    return bad_tags(row.tags_json, config::JsonNode::Kind::object);
}

Why bad_block(const storage::JournalBlock& block) {
    journal::EventReader reader(block.bytes);
    std::int64_t before = block.first_cursor - 1;
    std::uint64_t events = 0;
    while (const auto recorded = reader.next()) {
        if (recorded->cursor <= before || recorded->cursor > block.last_cursor) return "its cursors do not rise in it";
        if (events == 0 && recorded->cursor != block.first_cursor) return "it begins with another cursor";
        before = recorded->cursor;
        ++events;
    }
    if (reader.damaged()) return "its events are damaged";
    if (events != block.events) return "its number of events is wrong";
    if (before != block.last_cursor) return "it ends with another cursor";
    return std::nullopt;
}

Why bad_meta(std::string_view key, std::string_view value) {
    if (key == clock_key && !runtime::EmulatorClock().restore(value)) return "it is no clock";
    return std::nullopt;
}

}  // namespace

storage::RowRules rules_of_kept_rows(const config::ConnectorSettings& defaults, const CertificateTools& certificates) {
    storage::RowRules rules;
    rules.connector = [defaults](const storage::ConnectorRow& row) { return bad_connector(row, defaults); };
    rules.identity = [certificates](const storage::IdentityRow& row) { return bad_identity(row, certificates); };
    rules.value = bad_value;
    rules.session = bad_session;
    rules.content = bad_content;
    rules.journal = bad_block;
    rules.meta = bad_meta;
    return rules;
}

}  // namespace device
