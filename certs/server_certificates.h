#pragma once
// The server's certificates for handshakes: for each host name one with an ECDSA key and one with an RSA key.

#include "certs/authority.h"
#include "certs/faulty_certificate.h"
#include "certs/lru_cache.h"
#include "certs/openssl_types.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace certs {

// One certificate with its key and the certificates sent after it.
struct ServerChain {
    X509Ptr certificate;
    PkeyPtr key;
    Chain intermediates;
};

// Immutable once shared; ECDSA first, then RSA. A user's own chain is one entry.
struct ServerChains {
    std::vector<ServerChain> chains;
    std::int64_t renew_at_us = 0;  // real time after which a new one is made
};

struct ServerCertificateOptions {
    std::filesystem::path folder;  // for the key pairs and the certificates of the default names
    std::string domain;            // "m2.exosite.io", lower case
    std::string host_name;         // this machine's; left out if empty or not a legal name
    std::size_t cached_names = 256;
};

// All member functions may be called on any thread.
class ServerCertificates {
  public:
    // The default certificate covers *.<domain>, <domain>, localhost, 127.0.0.1, ::1 and the host's name. It is stored,
    // so that a client that pins it still works after a restart, until it nears its end or the names or the authority
    // change. Throws Error.
    ServerCertificates(std::shared_ptr<const Authority> authority, ServerCertificateOptions options,
                       std::int64_t real_now_us);

    // A user's own chain, used for every name. Throws Error if the files are broken or do not belong together.
    ServerCertificates(const std::filesystem::path& chain_file, const std::filesystem::path& key_file);

    // `name`: a host name in lower case, an IP address, or empty: no name was sent. A name that the default certificate
    // does not cover gets its own certificate, cached. `real_now_us`: real time, not the emulator's clock. Throws Error
    // if OpenSSL fails.
    std::shared_ptr<const ServerChains> for_name(std::string_view name, std::int64_t real_now_us);

    std::size_t cached_names() const;

    // Both key kinds, for the default names unless the order says otherwise. Takes up to a second to generate keys.
    // Throws Error, also if it needs an authority and there is none.
    std::shared_ptr<const ServerChains> make_faulty(const FaultyOrder& order, std::int64_t real_now_us) const;

  private:
    std::shared_ptr<const ServerChains> make_large(const FaultyOrder& order, CertificateSpec spec) const;
    bool default_covers(std::string_view name) const;
    std::shared_ptr<const ServerChains> load_or_make_default(std::int64_t now_us) const;
    void renew_default(std::int64_t now_us);
    std::shared_ptr<const ServerChains> load_default(std::int64_t now_us) const;
    std::shared_ptr<const ServerChains> make(const CertificateSpec& spec) const;
    CertificateSpec default_spec(std::int64_t now_us) const;
    void keep_default(const ServerChains& made) const;
    std::filesystem::path certificate_file(std::size_t index) const;

    std::shared_ptr<const Authority> authority_;  // null with a user's own chain
    ServerCertificateOptions options_;
    std::vector<PkeyPtr> keys_;  // ECDSA, RSA

    mutable std::mutex mutex_;  // guards the members below
    std::shared_ptr<const ServerChains> default_;
    LruCache<std::shared_ptr<const ServerChains>> minted_;
};

// The machine's name, lower case; empty if it has none.
std::string machine_host_name();

}  // namespace certs
