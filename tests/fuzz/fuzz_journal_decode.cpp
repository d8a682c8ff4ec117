// Any bytes as a journal block: the reader must end, and whatever it reads must be encodable again, filterable and give
// the same event back.

#include "server/journal/event_codec.h"
#include "server/journal/event_json.h"
#include "server/journal/filter.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

std::string json_of(const journal::Recorded& recorded) {
    std::string out;
    journal::append_json(out, recorded);
    return out;
}

void check(const journal::Recorded& recorded) {
    const std::string json = json_of(recorded);
    std::string again;
    journal::EventWriter().append(again, recorded.cursor, recorded.event);
    journal::EventReader reader(again);
    const auto copy = reader.next();
    if (!copy || json_of(*copy) != json) std::abort();

    journal::Filter filter;
    filter.topic = "$resource/+";
    static_cast<void>(journal::matches(filter, recorded.event));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string block(data, data + size);
    journal::EventReader reader(block);
    while (const auto recorded = reader.next()) check(*recorded);
    return 0;
}
