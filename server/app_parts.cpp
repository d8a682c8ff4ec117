#include "server/app_parts.h"

#include "certs/files.h"
#include "server/api/base/content_base.h"
#include "server/app_certificates.h"
#include "server/build_info.h"
#include "server/control/kept_rows.h"
#include "server/fault_tap/fault_taps.h"
#include "server/faults/file_faults.h"
#include "server/net/tls/sni.h"
#include "storage/database_file.h"
#include "storage/recovery.h"
#include "storage/sqlite_handle.h"

#include <array>
#include <filesystem>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>
#include <openssl/ssl.h>

namespace app {
namespace {

// What one round of fifty devices with a window of 20, or a report of 1 KiB each, comes to: about 0.1 ms. Larger ones
// are worth the writer thread's wake-up.
constexpr std::uint64_t commit_here_bytes = 131'072;

std::int64_t real_now_us() {
    return runtime::system_time().us;
}

// What faults draw from that name no seed of their own.
std::uint64_t fault_seed(const config::ServerSettings& settings, runtime::Random& random) {
    if (settings.seed) return *settings.seed;
    std::array<unsigned char, 8> bytes{};
    random.fill(bytes);
    std::uint64_t seed = 0;
    for (const auto byte : bytes) seed = seed << 8U | byte;
    return seed;
}

}  // namespace

AppParts::AppParts(const config::ServerSettings& its_settings, runtime::Log& its_log)
    : settings(its_settings),
      log(its_log),
      data(settings.ephemeral ? DataFolder::ephemeral() : DataFolder::open(settings.data_dir)),
      random(settings.seed ? runtime::Random::from_seed(*settings.seed) : runtime::Random::from_system()),
      authority(open_authority(settings, data)),
      certificates(open_certificates(settings, data, authority)),
      row_rules(std::make_shared<const storage::RowRules>(
          device::rules_of_kept_rows(settings.connector_defaults, certificate_tools()))),
      store(open_store()),
      reader(store->open_reader()),
      journal(reader->journal_totals().newest_cursor),
      commits(*store, journal, [this] { turn.schedule(); }),
      urls(content_secret(), static_cast<std::int64_t>(settings.content.url_expires_s)),
      faults({.most = settings.limits.max_faults, .seed = fault_seed(settings, random)}),
      devices(context()),
      fault_calls({.registry = faults,
                   .context = devices.context(),
                   .make = [this](const faults::Fault& fault) { return make_for(fault); },
                   .judge = [this](const faults::Fault& fault) { return cannot(fault); },
                   .wake = [this] { devices.control().wake(); }}),
      verdict_calls({.context = devices.context(),
                     .control = devices.control(),
                     .faults = fault_calls,
                     .world = devices.run_world(),
                     .invite = [this](const device::GuestLogin& login) { return invite(login); },
                     .most = settings.limits.max_runs}),
      services{.connectors = devices.control(),
               .identities = devices.control(),
               .state = devices.control(),
               .content = devices.control(),
               .http_devices = devices.control(),
               .connections = devices.control(),
               .journal = devices.control(),
               .clock = devices.control(),
               .resets = devices.control(),
               .snapshots = devices.control(),
               .process = devices.control(),
               .random = random,
               .urls = urls,
               .tokens = account_tokens,
               .codes = account_codes,
               .ca_pem = [this] { return authority->pem(); },
               .options = {.domain = settings.domain,
                           .connector_defaults = settings.connector_defaults,
                           .max_content_bytes = settings.limits.max_content_bytes,
                           .max_shown_payload_bytes = settings.limits.max_shown_payload_bytes,
                           .max_event_page_bytes = settings.limits.max_event_page_bytes,
                           .durable_content = settings.durability == config::Durability::full,
                           .token = settings.api_token,
                           .version = std::string(build_version()),
                           .commit = std::string(build_commit())},
               .rooms = {.downloads = runtime::Places(settings.limits.max_downloads, metrics.downloads),
                         .uploads = runtime::Places(settings.limits.max_uploads, metrics.uploads),
                         .event_streams = runtime::Places(settings.limits.max_event_streams, metrics.event_streams)}} {
    devices.context().faults = &fault_calls;
    devices.context().content_list_fault = [this](const device::Link& link) { return strike_content_list(link); };
    services.faults = &fault_calls;
    devices.context().verdicts = &verdict_calls;
    devices.context().observer = &verdict_calls;
    services.verdicts = &verdict_calls;
    turn.count_paused(metrics.paused_connections);
    turn.attach(commits);
    log.set_buffered(true);
    turn.at_each_end([this] { log.flush(); });
    if (const auto saved = reader->meta(device::clock_key)) clock.restore(*saved);
    device_tls = std::make_unique<net::TlsContext>(
        certificates, [this](std::optional<std::string_view> sni) { return select(sni); }, real_now_us);
    open_key_log();
    if (!settings.listen.api_tls.empty()) api_tls = net::make_api_tls_context(certificates, real_now_us);
    store->start([this](std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
        metrics.commit_latency.observe(result.commit_us);
        boost::asio::post(io, [this, group = std::move(group), result]() mutable {
            if (!result.ok) log_failed_commit(result.error);
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

void AppParts::log_failed_commit(const std::string& why) {
    std::error_code error;  // then it is -1
    const auto free = static_cast<std::int64_t>(std::filesystem::space(data.path(), error).available);
    log.error("commit failed; health answers 503 until one succeeds",
              {{"error", why}, {"data_dir", data.path().string()}, {"free_bytes", free}});
}

void AppParts::log_recovery(const storage::Recovery& recovery) {
    for (const auto& row : recovery.left_out) {
        log.warn("a row was left out: it cannot be read", {{"table", row.table}, {"row", row.row}, {"why", row.why}});
    }
    const auto untold = recovery.rows_left_out - recovery.left_out.size();
    if (untold > 0) log.warn("more rows were left out", {{"rows", std::to_string(untold)}});
    for (const auto& table : recovery.tables) {
        log.warn(table.whole ? "recovered the rows of a table" : "recovered some rows of a table",
                 {{"table", table.table}, {"rows", std::to_string(table.rows)}});
    }
}

std::unique_ptr<storage::Store> AppParts::open_store() {
    if (settings.recover) {
        if (const auto recovery =
                storage::recover_database(storage_options(), std::to_string(real_now_us() / 1'000'000))) {
            log.warn("the database was damaged: it was set aside, and what could be read of it is in force",
                     {{"set_aside", recovery->set_aside.string()}});
            log_recovery(*recovery);
            lost_content = data.path() / ("content.broken-" + recovery->set_aside.extension().string().substr(8));
        } else {
            log.info("--recover: the database is sound, and each of its rows can be read");
        }
    }
    return storage::open_store(storage_options());
}

storage::Options AppParts::storage_options() const {
    storage::Options options;
    options.file = data.database();
    options.rules = row_rules;
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
                        .reports = {settings.limits.max_report_values, settings.limits.max_report_bytes},
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
                    const auto base =
                        api::content_base({request.base_url, settings.content.base_url, settings.outside_address},
                                          request.authority, request.connector);
                    return urls.download(base, request.connector, request.id, request.now_us, request.identity);
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
    if (choice.refused()) return net::SniRefuse{choice.code, choice.refusal, choice.hint};
    if (!devices.connector_may_exist(choice.connector)) {
        return net::SniRefuse{
            "R3.no_connector",
            "There is no connector \"" + choice.connector + "\", and auto_create_connectors is false.",
            "Create it in the settings file or by the control API, or set auto_create_connectors to true."};
    }
    return net::SniAccept{choice.connector, policy_of(devices.settings_of(choice.connector).protocol.tls),
                          choice.connector};
}

void AppParts::open_key_log() {
    if (settings.tls_key_log.empty()) return;
    try {
        key_log = std::make_unique<KeyLog>(settings.tls_key_log, log);
    } catch (const std::runtime_error& error) {
        throw BadSetting(error.what());
    }
    device_tls->log_keys([this](std::string_view line) { key_log->write(line); });
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
            certs::make_folder(lost_content, certs::FolderMode::owner_only);
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

// --- faults ---

// On the helper thread: keys take time.
std::shared_ptr<const void> AppParts::make_for(const faults::Fault& fault) const {
    using faults::Key;
    if (fault.kind != faults::Kind::tls_certificate) return nullptr;
    const auto how = certs::parse_faulty_certificate(fault.values.text(Key::as));
    return certificates->make_faulty(
        {.how = how.value_or(certs::FaultyCertificate::expired),
         .bytes = static_cast<std::size_t>(fault.values.number(Key::bytes)),
         .intermediates = static_cast<std::size_t>(fault.values.number(Key::intermediates))},
        real_now_us());
}

// What this server has no effect for, it does not take.
std::string AppParts::cannot(const faults::Fault& fault) {
    return fault.kind == faults::Kind::tls_version ? leaves_no_version(fault) : std::string();
}

// Of the connector's policy, or of the default connector's where it names none.
std::string AppParts::leaves_no_version(const faults::Fault& fault) {
    using faults::Key;
    const auto connector = fault.scope.connector.value_or(settings.default_connector);
    const auto chosen = policy_of(devices.settings_of(connector).protocol.tls);
    const auto policy = chosen ? *chosen : certs::tls_v1_2_policy();
    const auto number = [&fault](Key key, int absent) {
        const auto name = fault.values.text(key);
        return name == "1.2" ? TLS1_2_VERSION : name == "1.3" ? TLS1_3_VERSION : absent;
    };
    const int newest = policy.max_version == 0 ? TLS1_3_VERSION : policy.max_version;
    if (std::max(number(Key::min, 0), policy.min_version) <= std::min(number(Key::max, newest), newest)) return {};
    return "of the versions that connector " + connector + " takes, protocol.tls, this leaves none";
}

device::ContentListFault AppParts::strike_content_list(const device::Link& link) {
    using enum device::ContentListChange;
    constexpr std::array<std::pair<std::string_view, device::ContentListChange>, 6> changes{
        {{"expired_urls", expired_urls},
         {"wrong_length", wrong_length},
         {"wrong_mime", wrong_mime},
         {"extra", extra},
         {"malformed", malformed},
         {"empty", empty}}};
    if (faults.empty()) return {};
    const auto client = fault_tap::struck_client(link);
    const auto& all = faults.all();
    for (const auto& armed : all) {
        const auto& fault = armed->fault;
        if (fault.kind != faults::Kind::content_list || !armed->active() || !fault.scope.strikes(client)) continue;
        const auto hit = faults.strike(armed, client, clock.now().steady);
        if (!hit) continue;
        const auto as = fault.values.text(faults::Key::as);
        faults.report(*armed, *hit, client, "The $content reply was " + std::string(as), "PUBLISH", "$content");
        for (const auto& [name, change] : changes) {
            if (name == as) return {change, static_cast<std::uint64_t>(fault.values.number(faults::Key::count))};
        }
    }
    return {};
}

void AppParts::use_file_faults(const config::ServerSettings& from) {
    config::Problems problems;
    auto described = faults::read_file_faults(from, problems);
    std::erase_if(described, [this](const faults::Fault& fault) {
        const auto why_not = cannot(fault);
        if (!why_not.empty())
            log.error("a fault of the settings file is not in force", {{"fault", fault.name}, {"error", why_not}});
        return !why_not.empty();
    });
    fault_calls.use_file(std::move(described));
}

std::unique_ptr<device::Guest> AppParts::invite(device::GuestLogin login) {
    login.facts.connection_id = random.connection_id();
    return mqtt::invite(login, guests);
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
    try {
        sweep_content();
        end_sessions_of_a_crash();
        commit_all();  // before a device is read into memory
    } catch (const storage::SqliteError& error) {
        throw storage::explain(error, data.database());
    }
    load_snapshot();
    verdict_calls.take_from_store();
    devices.seeds().use(settings.connectors);
    devices.seeds().apply_all();
    use_file_faults(settings);
    commit_all();
}

}  // namespace app
