#pragma once
// The parts of the running server, in the order in which they are built; destroyed in reverse.

#include "certs/server_certificates.h"
#include "config/settings.h"
#include "server/api/base/services.h"
#include "server/control/device_service.h"
#include "server/control/fault_calls.h"
#include "server/control/verdict_calls.h"
#include "server/data_folder.h"
#include "server/key_log.h"
#include "server/mqtt/guest_session.h"
#include "server/net/server.h"
#include "server/net/tls/context.h"
#include "storage/recovery.h"
#include "storage/storage.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace app {

// A setting names something unusable. what() is a sentence for the user; exit code 2.
class BadSetting : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class AppParts {
  public:
    AppParts(const config::ServerSettings& its_settings, runtime::Log& its_log);
    ~AppParts();

    // Applies the settings file and waits until everything is committed.
    void commit_start();

  protected:
    // Arms the settings file's faults again if they changed. The settings are already checked.
    void use_file_faults(const config::ServerSettings& from);

    config::ServerSettings settings;
    runtime::Log& log;
    DataFolder data;
    runtime::EmulatorClock clock;
    runtime::Random random;
    runtime::Metrics metrics;
    std::shared_ptr<const certs::Authority> authority;
    std::shared_ptr<certs::ServerCertificates> certificates;
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};  // until io.stop()
    net::Turn turn{io};
    std::filesystem::path lost_content;  // destination of files without a row; empty: they are deleted
    std::shared_ptr<const storage::RowRules> row_rules;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<storage::Reader> reader;
    journal::Journal journal;
    device::CommitQueue commits;
    std::atomic<bool> ending = false;
    boost::asio::thread_pool helper{1};
    api::ContentUrls urls;
    faults::Registry faults;
    device::DeviceService devices;
    device::FaultCalls fault_calls;
    mqtt::SessionServices guests{.devices = devices, .metrics = metrics};  // unobserved, without faults
    device::VerdictCalls verdict_calls;
    api::AccountTokens account_tokens, account_codes;
    api::Services services;
    std::unique_ptr<KeyLog> key_log;  // null: off
    std::unique_ptr<net::TlsContext> device_tls, api_tls;

  private:
    std::unique_ptr<storage::Store> open_store();
    void log_recovery(const storage::Recovery& recovery);
    void log_failed_commit(const std::string& why);
    storage::Options storage_options() const;
    device::Context context();
    std::string content_secret();
    net::SniVerdict select(std::optional<std::string_view> sni);
    void sweep_content();
    void end_sessions_of_a_crash();
    void load_snapshot();
    std::shared_ptr<const void> make_for(const faults::Fault& fault) const;
    std::string cannot(const faults::Fault& fault);
    std::string leaves_no_version(const faults::Fault& fault);
    void open_key_log();
    std::unique_ptr<device::Guest> invite(device::GuestLogin login);
    device::ContentListFault strike_content_list(const device::Link& link);
    void commit_all();
};

}  // namespace app
