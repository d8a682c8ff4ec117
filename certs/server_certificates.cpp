#include "certs/server_certificates.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/host_name.h"
#include "certs/keys.h"
#include "certs/pem.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace certs {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t lifetime_us = 396 * day_us;  // with the day back: 397, the most that strict clients take
constexpr std::int64_t renewal_margin_us = 30 * day_us;
constexpr std::size_t longest_common_name = 64;
constexpr std::array<const char*, 2> key_names{"ecdsa", "rsa"};

CertificateSpec server_spec(std::string_view name, std::int64_t now_us) {
    CertificateSpec spec;
    spec.common_name = name.size() <= longest_common_name ? std::string(name) : "murano-emulator";
    spec.not_before_us = now_us - day_us;  // for clients whose clock is behind
    spec.not_after_us = now_us + lifetime_us;
    return spec;
}

CertificateSpec spec_for(std::string_view name, std::int64_t now_us) {
    CertificateSpec spec = server_spec(name, now_us);
    if (is_ip_address(name)) {
        spec.ip_addresses.emplace_back(name);
    } else if (is_host_name(name)) {
        spec.dns_names.emplace_back(name);
    } else {
        throw Error("no certificate is made for a name that is not a host name");
    }
    return spec;
}

// Thirty days before the end; for a certificate that its authority's end cuts short, a third of its life.
std::int64_t renew_at_us(const X509* certificate) {
    const std::int64_t end = not_after_us(certificate);
    return end - std::min(renewal_margin_us, (end - not_before_us(certificate)) / 3);
}

bool is_due(const ServerChains& chains, std::int64_t now_us) {
    // Also when the machine's clock was far ahead when they were made.
    return now_us >= chains.renew_at_us ||
           std::any_of(chains.chains.begin(), chains.chains.end(),
                       [&](const ServerChain& chain) { return not_before_us(chain.certificate.get()) > now_us; });
}

bool covers(X509* certificate, const CertificateSpec& spec) {
    const auto has_dns = [&](const std::string& name) {
        // A wildcard is asked for by a name it must match.
        const std::string asked = name.starts_with("*.") ? "x" + name.substr(1) : name;
        return X509_check_host(certificate, asked.data(), asked.size(), 0, nullptr) == 1;
    };
    const auto has_ip = [&](const std::string& ip) { return X509_check_ip_asc(certificate, ip.c_str(), 0) == 1; };
    return std::all_of(spec.dns_names.begin(), spec.dns_names.end(), has_dns) &&
           std::all_of(spec.ip_addresses.begin(), spec.ip_addresses.end(), has_ip);
}

// What a wildcard stands for. Verifiers refuse "*.localhost" and its like.
bool takes_wildcard(std::string_view domain) {
    return domain.find('.') != std::string_view::npos;
}

}  // namespace

ServerCertificates::ServerCertificates(std::shared_ptr<const Authority> authority, ServerCertificateOptions options,
                                       std::int64_t real_now_us)
    : authority_(std::move(authority)), options_(std::move(options)), minted_(options_.cached_names) {
    make_folder(options_.folder);
    const FolderLock lock(options_.folder);
    if (!is_host_name(options_.host_name) || is_ip_address(options_.host_name)) options_.host_name.clear();
    keys_.push_back(load_or_generate_key(options_.folder / "server-ecdsa.key", KeyKind::ecdsa_p256));
    keys_.push_back(load_or_generate_key(options_.folder / "server-rsa.key", KeyKind::rsa_2048));
    default_ = load_or_make_default(real_now_us);
}

ServerCertificates::ServerCertificates(const std::filesystem::path& chain_file, const std::filesystem::path& key_file)
    : minted_(0) {
    Chain chain = certificates_from_pem(read_file(chain_file));
    if (chain.empty()) throw Error(chain_file.string() + " does not hold a certificate chain in PEM");
    PkeyPtr key = load_key(key_file);
    if (!belongs_to(key.get(), chain.front().get()))
        throw Error("the key in " + key_file.string() + " does not belong to the first certificate in " +
                    chain_file.string() + " (the server's own comes first, then its intermediates)");
    ServerChain ready{std::move(chain.front()), std::move(key), {}};
    std::move(chain.begin() + 1, chain.end(), std::back_inserter(ready.intermediates));
    auto all = std::make_shared<ServerChains>();
    all->chains.push_back(std::move(ready));
    default_ = std::move(all);
}

std::shared_ptr<const ServerChains> ServerCertificates::for_name(std::string_view name, std::int64_t real_now_us) {
    const std::lock_guard hold(mutex_);
    if (!authority_) return default_;
    if (default_covers(name)) {
        if (is_due(*default_, real_now_us)) renew_default(real_now_us);
        return default_;
    }
    if (const auto* known = minted_.find(name); known != nullptr && !is_due(**known, real_now_us)) return *known;
    auto made = make(spec_for(name, real_now_us));
    minted_.put(name, made);
    return made;
}

std::size_t ServerCertificates::cached_names() const {
    const std::lock_guard hold(mutex_);
    return minted_.size();
}

bool ServerCertificates::default_covers(std::string_view name) const {
    if (name.empty() || name == options_.domain || name == "localhost" || name == options_.host_name) return true;
    if (name == "127.0.0.1" || name == "::1") return true;
    const std::size_t dot = name.find('.');
    return takes_wildcard(options_.domain) && dot != std::string_view::npos && dot != 0 &&
           name.substr(dot + 1) == options_.domain;
}

CertificateSpec ServerCertificates::default_spec(std::int64_t now_us) const {
    CertificateSpec spec = server_spec(options_.domain, now_us);
    if (takes_wildcard(options_.domain)) spec.dns_names.push_back("*." + options_.domain);
    spec.dns_names.push_back(options_.domain);
    spec.dns_names.emplace_back("localhost");
    if (!options_.host_name.empty()) spec.dns_names.push_back(options_.host_name);
    spec.ip_addresses = {"127.0.0.1", "::1"};
    return spec;
}

std::shared_ptr<const ServerChains> ServerCertificates::load_or_make_default(std::int64_t now_us) const {
    if (auto kept = load_default(now_us)) return kept;
    auto made = make(default_spec(now_us));
    keep_default(*made);
    return made;
}

// While serving, a full disk must not stop handshakes: the new certificate is used, and the next start makes another.
void ServerCertificates::renew_default(std::int64_t now_us) {
    default_ = make(default_spec(now_us));
    try {
        keep_default(*default_);
    } catch (const Error&) {
        return;
    }
}

// Null when there is none, or it is no longer right.
std::shared_ptr<const ServerChains> ServerCertificates::load_default(std::int64_t now_us) const {
    auto kept = std::make_shared<ServerChains>();
    kept->renew_at_us = INT64_MAX;
    const CertificateSpec spec = default_spec(now_us);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        Chain found = certificates_from_pem(read_file_if_there(certificate_file(i)).value_or(""));
        if (found.size() != 1) return nullptr;
        X509* certificate = found.front().get();
        if (!belongs_to(keys_[i].get(), certificate) || !authority_->signed_by_this(certificate)) return nullptr;
        if (!covers(certificate, spec)) return nullptr;
        kept->renew_at_us = std::min(kept->renew_at_us, renew_at_us(certificate));
        kept->chains.push_back(
            ServerChain{std::move(found.front()), share(keys_[i].get()), authority_->intermediates()});
    }
    if (is_due(*kept, now_us)) return nullptr;
    return kept;
}

std::shared_ptr<const ServerChains> ServerCertificates::make(const CertificateSpec& spec) const {
    auto made = std::make_shared<ServerChains>();
    made->renew_at_us = INT64_MAX;
    for (const PkeyPtr& key : keys_) {
        ServerChain chain{authority_->sign(spec, key.get()), share(key.get()), authority_->intermediates()};
        made->renew_at_us = std::min(made->renew_at_us, renew_at_us(chain.certificate.get()));
        made->chains.push_back(std::move(chain));
    }
    return made;
}

void ServerCertificates::keep_default(const ServerChains& made) const {
    for (std::size_t i = 0; i < made.chains.size(); ++i)
        write_atomically(certificate_file(i), to_pem(made.chains[i].certificate.get()), FileMode::certificate);
}

std::filesystem::path ServerCertificates::certificate_file(std::size_t index) const {
    return options_.folder / ("server-" + std::string(key_names.at(index)) + ".crt");
}

std::string machine_host_name() {
    std::array<char, 256> buffer{};
    if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "";
    std::string name(buffer.data());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

}  // namespace certs
