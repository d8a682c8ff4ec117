#include "tests/support/world/life.h"

namespace test {
namespace {

device::CertificateTools no_certificates() {
    return {[](std::string_view, std::string& error) -> std::optional<device::PeerCertificate> {
                error = "no certificate";
                return std::nullopt;
            },
            [](const std::string&, const std::string&, std::int64_t) { return false; }};
}

device::Context context(Ground& ground, Life& life) {
    return {.options = ground.options,
            .clock = life.clock,
            .commits = life.commits,
            .reader = *life.reader,
            .log = ground.log,
            .metrics = ground.metrics,
            .random = ground.random,
            .certificates = no_certificates(),
            .content_url = [](const device::ContentUrlRequest& request) { return std::string(request.id); },
            .folders = ground.folders,
            .database = ground.database,
            .background = ground.background,
            .stopping = ground.stopping};
}

}  // namespace

Life::Life(Ground& ground)
    : clock([&ground] { return ground.real; }),
      reader(ground.store.open_reader()),
      journal(reader->journal_totals().newest_cursor),
      commits(ground.store, journal, [] {}),
      devices(context(ground, *this)) {}

device::PeerFacts peer_facts(Ground& ground, std::string_view connector) {
    device::PeerFacts facts;
    facts.connection_id = ground.random.connection_id();
    facts.ip = "127.0.0.1";
    facts.connector = connector;
    facts.authority = "localhost:8883";
    return facts;
}

}  // namespace test
