#pragma once
// What the running server is made of, in the order in which it is built; destroyed in reverse.

#include "certs/server_certificates.h"
#include "config/settings.h"
#include "server/api/services.h"
#include "server/data_folder.h"
#include "server/device/device_service.h"
#include "server/net/server.h"
#include "server/net/tls_context.h"
#include "storage/storage.h"

#include <memory>
#include <string>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace app {

class AppParts {
  public:
    AppParts(const config::ServerSettings& its_settings, runtime::Log& its_log);
    ~AppParts();

    // Applies the settings file and waits until all of it is committed.
    void commit_start();

  protected:
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
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<storage::Reader> reader;
    journal::Journal journal;
    device::CommitQueue commits;
    api::ContentUrls urls;
    device::DeviceService devices;
    api::AccountTokens account_tokens, account_codes;
    api::Services services;
    std::unique_ptr<net::TlsContext> device_tls, api_tls;

  private:
    storage::Options storage_options() const;
    device::Context context();
    std::string content_secret();
    net::SniVerdict select(std::optional<std::string_view> sni);
    void sweep_content();
    void end_sessions_of_a_crash();
    void commit_all();
};

}  // namespace app
