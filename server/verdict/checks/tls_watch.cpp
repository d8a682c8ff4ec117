#include "server/verdict/checks/tls_watch.h"

#include "server/verdict/checks/cipher_suites.h"
#include "server/verdict/slips.h"

#include <set>
#include <string>

namespace verdict {

namespace {

constexpr std::uint16_t tls_1_2 = 0x0303;
constexpr const char* no_hello = "No TLS handshake was seen: the device did not come, or uses the plain port.";

std::string version_name(std::uint16_t version) {
    switch (version) {
        case 0x0300:
            return "SSL 3.0";
        case 0x0301:
            return "TLS 1.0";
        case 0x0302:
            return "TLS 1.1";
        case 0x0303:
            return "TLS 1.2";
        case 0x0304:
            return "TLS 1.3";
        default:
            return "an unknown version";
    }
}

class TlsVersion final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* hello = std::get_if<ClientHello>(&observation.seen);
        if (!hello) return;
        best_ = std::max(best_, hello->best_version);
        ++hellos_;
        if (hello->best_version < tls_1_2)
            slips_.add(observation, "A handshake offered at most " + version_name(hello->best_version));
    }
    Result conclude() const override {
        if (slips_.any()) return slips_.fails("Enable TLS 1.2 or TLS 1.3 in the device's TLS library. [R3a]");
        if (hellos_ == 0) return not_run(no_hello);
        return passed("It offers up to " + version_name(best_) + ".");
    }

  private:
    Slips slips_;
    std::uint16_t best_ = 0;
    int hellos_ = 0;
};

class ServerName final : public Watch {
  public:
    explicit ServerName(const Subject& subject) : expected_(subject.expected_host), given_(subject.given_host) {}

    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* hello = std::get_if<ClientHello>(&observation.seen);
        if (!hello) return;
        ++hellos_;
        if (!hello->server_name) return absent_.add(observation, "A handshake came without a server name (SNI)");
        if (*hello->server_name != expected_ && (given_.empty() || *hello->server_name != given_))
            other_.add(observation,
                       "It asked for '" + std::string(*hello->server_name) + "' and not for '" + expected_ + "'");
    }
    Result conclude() const override {
        if (absent_.any())
            return absent_.fails("Give the TLS library the host name '" + expected_ +
                                 "' before the handshake: Murano finds the connector by it. [R3]");
        if (other_.any()) return other_.warns("Murano's devices connect to '" + expected_ + "'. [R3]");
        if (hellos_ == 0) return not_run(no_hello);
        return passed("Each handshake named the connector's host.");
    }

  private:
    std::string expected_;
    std::string given_;
    Slips absent_;
    Slips other_;
    int hellos_ = 0;
};

class CipherSuites final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* hello = std::get_if<ClientHello>(&observation.seen);
        if (!hello) return;
        ++hellos_;
        if (!hello->suite_of_policy)
            outside_.add(observation, "None of the cipher suites that it offered is in the connector's policy");
        for (const std::uint16_t suite : hello->suites) {
            if (const auto name = broken_suite_name(suite); !name.empty()) broken_.emplace(name);
            if (suite_class(suite) == SuiteClass::dated) dated_.insert(suite);
        }
    }
    Result conclude() const override {
        if (hellos_ == 0) return not_run(no_hello);
        if (outside_.any())
            return outside_.fails("Enable ECDHE with AES-GCM, as TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. [R3a]");
        Result result = passed("It offers a cipher suite of the connector's policy.");
        if (!broken_.empty())
            result = warned("It offers broken cipher suites: " + listed() + ".",
                            "Switch off RC4, DES, 3DES, export, NULL, anonymous and MD5 suites in the TLS library.");
        result.measured = {{"broken_suites", static_cast<double>(broken_.size())},
                           {"dated_suites", static_cast<double>(dated_.size())}};
        return result;
    }

  private:
    std::string listed() const {
        std::string text;
        for (const std::string& name : broken_) text += (text.empty() ? "" : ", ") + name;
        return text;
    }

    Slips outside_;
    std::set<std::string> broken_;
    std::set<std::uint16_t> dated_;
    int hellos_ = 0;
};

class ClientCertificate final : public Watch {
  public:
    explicit ClientCertificate(const Subject& subject)
        : identity_(subject.identity), certificate_(subject.auth_type == AuthType::certificate) {}

    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* done = std::get_if<HandshakeDone>(&observation.seen);
        if (!done || !certificate_) return;
        ++handshakes_;
        if (done->client_certificate_cn.empty())
            slips_.add(observation, "A handshake came without a client certificate");
        else if (done->client_certificate_cn != identity_)
            slips_.add(observation, "Its client certificate names '" + std::string(done->client_certificate_cn) +
                                        "' and not '" + identity_ + "'");
    }
    Result conclude() const override {
        if (!certificate_) return not_run("The identity does not log in with a certificate.");
        if (handshakes_ == 0) return not_run("No handshake was completed.");
        if (slips_.any())
            return slips_.fails("Show a client certificate whose common name (CN) is '" + identity_ + "'. [R58]");
        return passed("Each handshake showed a client certificate of the identity.");
    }

  private:
    std::string identity_;
    bool certificate_;
    Slips slips_;
    int handshakes_ = 0;
};

}  // namespace

std::unique_ptr<Watch> watch_tls_version(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<TlsVersion>();
}
std::unique_ptr<Watch> watch_server_name(const Subject& subject, const Parameters& /*parameters*/) {
    return std::make_unique<ServerName>(subject);
}
std::unique_ptr<Watch> watch_cipher_suites(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<CipherSuites>();
}
std::unique_ptr<Watch> watch_client_certificate(const Subject& subject, const Parameters& /*parameters*/) {
    return std::make_unique<ClientCertificate>(subject);
}

}  // namespace verdict
