#include "server/app_certificates.h"

#include "certs/client_certificate.h"
#include "certs/files.h"
#include "server/net/peer_certificate.h"
#include "server/runtime/emulator_clock.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

namespace app {

std::shared_ptr<const certs::Authority> open_authority(const config::ServerSettings& settings, const DataFolder& data) {
    const auto now_us = runtime::system_time().us;
    auto opened = settings.ca_cert.empty() ? certs::Authority::open(data.certificates(), now_us)
                                           : certs::Authority::load(settings.ca_cert, settings.ca_key, now_us);
    if (!settings.ca_cert.empty()) {
        certs::make_folder(data.certificates());  // at a first start there is none yet
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
    return std::make_shared<certs::ServerCertificates>(authority, std::move(options), runtime::system_time().us);
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
    // Settings are read by the same rules. Never another policy than the one that was asked for.
    if (!custom.error.empty()) throw std::logic_error("the TLS policy of the connector: " + custom.error);
    return std::make_shared<const certs::TlsPolicy>(custom.policy);
}

device::CertificateTools certificate_tools() {
    device::CertificateTools tools;
    tools.describe = [](std::string_view pem, std::string& error) -> std::optional<device::PeerCertificate> {
        auto parsed = certs::parse_certificate(pem);
        error = parsed.error;
        if (!parsed.certificate) return std::nullopt;
        return net::peer_certificate(*std::move(parsed.certificate));
    };
    tools.chains_to = [](const std::string& pem, const std::string& ca_pem, std::int64_t at_us) {
        return certs::chains_to(pem, ca_pem, at_us).trusted;
    };
    return tools;
}

}  // namespace app
