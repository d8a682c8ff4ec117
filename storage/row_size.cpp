#include "storage/row_size.h"

namespace storage {
namespace {

std::size_t size_of(const std::optional<std::string>& text) {
    return text ? text->size() : 0;
}

}  // namespace

std::size_t text_size(const IdentityRow& row) {
    return row.connector.size() + row.identity.size() + row.key.size() + row.last_ip.size() + row.tags_json.size();
}

std::size_t text_size(const ValueRow& row) {
    return row.alias.size() + size_of(row.reported) + size_of(row.set);
}

std::size_t text_size(const SessionRow& row) {
    std::size_t size = row.client_id.size();
    for (const std::string& filter : row.filters) size += sizeof(std::string) + filter.size();
    return size;
}

}  // namespace storage
