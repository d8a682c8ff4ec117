#include "server/app_parts.h"

#include "certs/client_certificate.h"
#include "certs/files.h"
#include "certs/tls_policy.h"
#include "server/build_info.h"
#include "server/net/tls_sni.h"
#include "storage/recovery.h"

#include <filesystem>
#include <limits>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>

namespace app {
namespace {

// What one round of some hundred devices with a message each comes to. Larger ones are worth the writer thread's
// wake-up.
constexpr std::uint64_t commit_here_bytes = 32'768;

std::int64_t real_now_us() {
    return runtime::system_time().us;
}

std::shared_ptr<const certs::Authority> open_authority(const config::ServerSettings& settings, const DataFolder& data) {
    const auto now_us = real_now_us();
    auto opened = settings.ca_cert.empty() ? certs::Authority::open(data.certificates(), now_us)
                                           : certs::Authority::load(settings.ca_cert, settings.ca_key, now_us);
    if (!settings.ca_cert.empty()) {
        std::filesystem::create_directories(data.certificates());  // at a first start there is none yet
        certs::write_atomically(data.certificates() / "ca.crt", opened.pem(), certs::FileMode::certificate);
    }
    return std::make_shared<const certs::Authority>(std::move(opened));
}

std::shared_ptr<certs::ServerCertificates> open_certificates(const config::ServerSettings& settings,
                                                             const DataFolder& data,
                                                             const std::shared_ptr<const certs::Authority>& authority) {
    if (!settings.tls_cert.empty()) {
        return std::make_shared<certs::ServerCertificates>(settings.tls_cert, settings.tls_key);
    }
    certs::ServerCertificateOptions options;
    options.folder = data.certificates();
    options.domain = settings.domain;
    options.host_name = certs::machine_host_name();
    return std::make_shared<certs::ServerCertificates>(authority, std::move(options), real_now_us());
}

std::shared_ptr<const certs::TlsPolicy> policy_of(const config::TlsPolicy& policy) {
    switch (policy.name) {
        case config::TlsPolicyName::tls_v1_2:
            return nullptr;  // the default
        case config::TlsPolicyName::tls_v1_0:
            return std::make_shared<const certs::TlsPolicy>(certs::tls_v1_0_policy());
        case config::TlsPolicyName::custom:
            break;
    }
    const auto custom = certs::custom_tls_policy(policy.min_version, policy.ciphers);
    return custom.error.empty() ? std::make_shared<const certs::TlsPolicy>(custom.policy) : nullptr;
}

device::CertificateTools certificate_tools() {
    device::CertificateTools tools;
    tools.describe = [](std::string_view pem, std::string& error) -> std::optional<device::PeerCertificate> {
        auto parsed = certs::parse_certificate(pem);
        error = parsed.error;
        if (!parsed.certificate) return std::nullopt;
        auto& found = *parsed.certificate;
        return device::PeerCertificate{std::move(found.pem), std::move(found.common_name),
                                       std::move(found.fingerprint_sha256), found.not_before_us, found.not_after_us};
    };
    tools.chains_to = [](const std::string& pem, const std::string& ca_pem, std::int64_t at_us) {
        return certs::chains_to(pem, ca_pem, at_us).trusted;
    };
    return tools;
}

}  // namespace

AppParts::AppParts(const config::ServerSettings& its_settings, runtime::Log& its_log)
    : settings(its_settings),
      log(its_log),
      data(settings.ephemeral ? DataFolder::ephemeral() : DataFolder::open(settings.data_dir)),
      random(settings.seed ? runtime::Random::from_seed(*settings.seed) : runtime::Random::from_system()),
      authority(open_authority(settings, data)),
      certificates(open_certificates(settings, data, authority)),
      store(open_store()),
      reader(store->open_reader()),
      journal(reader->journal_totals().newest_cursor),
      commits(*store, journal, [this] { turn.schedule(); }),
      urls(content_secret(), settings.content.base_url, static_cast<std::int64_t>(settings.content.url_expires_s)),
      devices(context()),
      services{.control = devices.control(),
               .random = random,
               .urls = urls,
               .tokens = account_tokens,
               .codes = account_codes,
               .ca_pem = [this] { return authority->pem(); },
               .options = {.domain = settings.domain,
                           .connector_defaults = settings.connector_defaults,
                           .max_content_bytes = settings.limits.max_content_bytes,
                           .durable_content = settings.durability == config::Durability::full,
                           .token = settings.api_token,
                           .version = std::string(build_version())},
               .rooms = {.downloads = runtime::Places(settings.limits.max_downloads, metrics.downloads),
                         .uploads = runtime::Places(settings.limits.max_uploads, metrics.uploads),
                         .event_streams = runtime::Places(settings.limits.max_event_streams, metrics.event_streams)}} {
    turn.count_paused(metrics.paused_connections);
    turn.attach(commits);
    log.set_buffered(true);
    turn.at_each_end([this] { log.flush(); });
    if (const auto saved = reader->meta(device::clock_key)) clock.restore(*saved);
    device_tls = std::make_unique<net::TlsContext>(
        certificates, [this](std::optional<std::string_view> sni) { return select(sni); }, real_now_us);
    if (!settings.listen.api_tls.empty()) api_tls = net::make_api_tls_context(certificates, real_now_us);
    store->start([this](std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
        metrics.commit_latency.observe(result.commit_us);
        boost::asio::post(io, [this, group = std::move(group), result]() mutable {
            if (!result.ok) log.error("commit failed", {{"error", result.error}});
            commits.completed(std::move(group), result);
        });
    });
}

AppParts::~AppParts() {
    ending = true;
    helper.join();
    log.set_buffered(false);
    // What is submitted is committed before the loop's objects go.
    commits.submit();
    store.reset();
}

std::unique_ptr<storage::Store> AppParts::open_store() {
    if (settings.recover) {
        if (const auto recovery =
                storage::recover_database(storage_options(), std::to_string(real_now_us() / 1'000'000))) {
            log.warn("the database was damaged: it was set aside, and what could be read of it is in force",
                     {{"set_aside", recovery->set_aside.string()}});
            for (const auto& table : recovery->tables) {
                log.warn(table.whole ? "recovered all rows of a table" : "recovered some rows of a table",
                         {{"table", table.table}, {"rows", std::to_string(table.rows)}});
            }
            lost_content = data.path() / ("content.broken-" + recovery->set_aside.extension().string().substr(8));
        } else {
            log.info("--recover: the database is sound");
        }
    }
    return storage::open_store(storage_options());
}

storage::Options AppParts::storage_options() const {
    storage::Options options;
    options.file = data.database();
    options.journal = {settings.journal.max_events, settings.journal.max_bytes};
    options.durability = settings.ephemeral                                ? storage::Durability::off
                         : settings.durability == config::Durability::full ? storage::Durability::full
                                                                           : storage::Durability::normal;
    if (options.durability != storage::Durability::full) options.commit_here_bytes = commit_here_bytes;
    return options;
}

device::Context AppParts::context() {
    return {.options = {.default_connector = settings.default_connector,
                        .auto_create_connectors = settings.auto_create_connectors,
                        .connector_defaults = settings.connector_defaults,
                        .max_outbox_bytes = settings.limits.max_outbox_bytes,
                        .max_subscriptions = settings.limits.max_subscriptions,
                        .max_filter_bytes = settings.limits.max_filter_bytes,
                        .max_filter_levels = settings.limits.max_filter_levels,
                        .max_identities = settings.limits.max_identities,
                        .log_packets = settings.log.packets},
            .clock = clock,
            .commits = commits,
            .reader = *reader,
            .log = log,
            .metrics = metrics,
            .random = random,
            .certificates = certificate_tools(),
            .content_url =
                [this](const device::ContentUrlRequest& request) {
                    return urls.download("https://" + std::string(request.authority), request.connector, request.id,
                                         request.now_us);
                },
            .folders = {data.content(), data.snapshots()},
            .database = storage_options(),
            .background =
                [this](std::function<void()> long_work, std::function<void()> then) {
                    boost::asio::post(helper, [this, run = std::move(long_work), then = std::move(then)] {
                        run();
                        boost::asio::post(io, then);
                    });
                },
            .stopping = ending};
}

// Signs content links; of this data folder, so that links hold over a restart.
std::string AppParts::content_secret() {
    constexpr auto key = "content_secret";
    if (auto kept = reader->meta(key)) return *kept;
    auto secret = random.alphanumeric(43);
    commits.change(storage::PutMeta{key, secret});
    return secret;
}

net::SniVerdict AppParts::select(std::optional<std::string_view> sni) {
    const auto choice = net::select_connector(sni, settings.domain, settings.default_connector, settings.require_sni);
    if (choice.refused()) return net::SniRefuse{choice.refusal};
    if (!devices.connector_may_exist(choice.connector)) {
        return net::SniRefuse{"there is no connector \"" + choice.connector +
                              "\", and auto_create_connectors is false"};
    }
    return net::SniAccept{choice.connector, policy_of(devices.settings_of(choice.connector).protocol.tls),
                          choice.connector};
}

// Files of uploads that a crash left without a row. After a recovery they may be of rows that were lost: those are set
// aside as the database was.
void AppParts::sweep_content() {
    std::set<std::string> kept;
    for (const auto& row : reader->connectors()) {
        for (const auto& item : reader->content(row.connector)) kept.insert(item.file);
    }
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(data.content(), error)) {
        const auto name = entry.path().filename();
        if (kept.contains(name.string())) continue;
        if (lost_content.empty()) {
            std::filesystem::remove(entry.path(), error);
        } else {
            std::filesystem::create_directories(lost_content, error);
            std::filesystem::rename(entry.path(), lost_content / name, error);
        }
    }
}

// A crash left no time of disconnect: it counts from the restart, by the clock of the connector. [R18a]
void AppParts::end_sessions_of_a_crash() {
    for (auto& [connector, identity, session] : reader->all_sessions(std::numeric_limits<std::uint32_t>::max())) {
        if (!session.connected) continue;
        session.connected = false;
        session.last_disconnect_us = clock.now(connector).wall_us;
        commits.change(storage::PutSession{std::move(session)});
    }
}

void AppParts::commit_all() {
    commits.submit();
    while (!commits.idle()) io.run_one();
}

// A file that was named on purpose and cannot be used is no start, whatever else would be there.
void AppParts::load_snapshot() {
    if (settings.snapshot.empty()) return;
    try {
        const auto task = devices.snapshots().load_file(settings.snapshot);
        commit_all();
        if (task->failure) throw std::runtime_error(task->failure->message);
    } catch (const storage::SnapshotError& error) {
        throw BadSetting("--snapshot " + settings.snapshot + ": " + error.what());
    }
    log.info("started from a snapshot; it replaced what the data folder held", {{"file", settings.snapshot}});
}

void AppParts::commit_start() {
    sweep_content();
    end_sessions_of_a_crash();
    commit_all();  // before a device is read into memory
    load_snapshot();
    devices.seeds().use(settings.connectors);
    devices.seeds().apply_all();
    commit_all();
}

}  // namespace app
