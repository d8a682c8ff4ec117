#include "storage/unsettled.h"

#include "storage/row_size.h"

#include <algorithm>

namespace storage {

void Unsettled::add(std::uint64_t sequence, std::vector<ValueWrite>&& values, std::vector<UnsettledBlock>&& journal) {
    sequence_ = sequence;
    for (auto& write : values) add(std::move(write));
    for (auto& block : journal) add(std::move(block));
}

void Unsettled::add(ValueWrite&& write) {
    bytes_ += sizeof write + text_size(write.row);
    const auto known = values_.find(std::pair(write.device_id, std::string_view(write.row.alias)));
    if (known != values_.end()) {
        bytes_ -= sizeof write + text_size(known->second);
        known->second = std::move(write.row);
        return;
    }
    Key key(write.device_id, write.row.alias);
    values_.emplace(std::move(key), std::move(write.row));
}

void Unsettled::add(UnsettledBlock&& added) {
    bytes_ += added.block.bytes.size();
    const bool grows = !journal_.empty() && !journal_.back().reference && !added.reference &&
                       journal_.back().size() + added.size() <= limits_.bytes &&
                       std::uint64_t{journal_.back().block.events} + added.block.events <= limits_.events;
    if (!grows) {
        bytes_ += sizeof added;
        journal_.push_back(std::move(added));
        return;
    }
    JournalBlock& last = journal_.back().block;
    const JournalBlock& block = added.block;
    last.last_cursor = block.last_cursor;
    last.first_timestamp_us = std::min(last.first_timestamp_us, block.first_timestamp_us);
    last.last_timestamp_us = std::max(last.last_timestamp_us, block.last_timestamp_us);
    last.events += block.events;
    last.bytes += block.bytes;
}

}  // namespace storage
