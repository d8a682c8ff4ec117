#include "storage/value_writer.h"

#include <algorithm>

namespace storage {

ValueWriter::ValueWriter(Connection& connection)
    : put_(connection.prepare("INSERT OR REPLACE INTO device_values(device_id, alias, reported_value, set_value, "
                              "timestamp_us, newest_report_us, set_timestamp_us, unacknowledged) "
                              "VALUES(?,?,?,?,?,?,?,?)")) {}

void ValueWriter::add(const ValueWrite& write) {
    pending_.push_back({&write, pending_.size()});
}

void ValueWriter::flush() {
    // In key order, so that neighbours in the b-tree are written while their page is at hand.
    std::sort(pending_.begin(), pending_.end(), before);
    for (std::size_t index = 0; index < pending_.size(); ++index) {
        const bool superseded = index + 1 < pending_.size() && same_key(pending_[index], pending_[index + 1]);
        if (superseded) continue;
        put(pending_[index].write->device_id, pending_[index].write->row);
    }
    pending_.clear();
}

void ValueWriter::discard() noexcept {
    pending_.clear();
}

bool ValueWriter::before(const Pending& left, const Pending& right) {
    if (left.write->device_id != right.write->device_id) return left.write->device_id < right.write->device_id;
    const int order = left.write->row.alias.compare(right.write->row.alias);
    return order != 0 ? order < 0 : left.order < right.order;
}

bool ValueWriter::same_key(const Pending& left, const Pending& right) {
    return left.write->device_id == right.write->device_id && left.write->row.alias == right.write->row.alias;
}

void ValueWriter::put(std::int64_t device_id, const ValueRow& row) {
    Query query(put_);
    query.integer(device_id).text(row.alias).blob(row.reported).blob(row.set);
    query.integer(row.timestamp_us).integer(row.newest_report_us).integer(row.set_timestamp_us);
    query.integer(row.unacknowledged ? 1 : 0).run();
}

}  // namespace storage
