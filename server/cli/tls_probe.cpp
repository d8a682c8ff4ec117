#include "server/cli/tls_probe.h"

#include "certs/error.h"
#include "certs/pem.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace cli {
namespace {

using std::chrono::milliseconds;

struct FreeAddress {
    void operator()(addrinfo* address) const noexcept { ::freeaddrinfo(address); }
};
using Address = std::unique_ptr<addrinfo, FreeAddress>;

Address parse(const TlsTarget& target) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(target.address.c_str(), target.port.c_str(), &hints, &found) != 0) return nullptr;
    return Address(found);
}

// 0, or the number of the error.
int connect_within(int socket, const addrinfo& address, milliseconds patience) {
    if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd watched{socket, POLLOUT, 0};
    if (::poll(&watched, 1, static_cast<int>(patience.count())) == 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void make_blocking(int socket, milliseconds patience) {
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK);
    const timeval time{patience.count() / 1000, (patience.count() % 1000) * 1000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

// "Exosite CA" of "/O=…/CN=Exosite CA"; the whole where there is no common name.
std::string common_name(const X509_NAME* name) {
    std::array<char, 256> text{};
    // The deprecated call is the short one; a name of several common names is shown by its first.
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
    const auto* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(ASN1_STRING_length(value))};
}

TlsEnd end_of(long verdict) {
    switch (verdict) {
        case X509_V_OK:
            return TlsEnd::good;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TlsEnd::wrong_name;
        case X509_V_ERR_CERT_NOT_YET_VALID:
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return TlsEnd::not_valid_now;
        default:
            return TlsEnd::untrusted;
    }
}

void append_string(std::string& packet, const std::string& text) {
    packet.push_back(static_cast<char>(text.size() >> 8U & 255U));
    packet.push_back(static_cast<char>(text.size() & 255U));
    packet += text;
}

// MQTT 3.1.1, Clean Session, with an empty user name and the token, or anonymous. [MQTT-3.1]
std::string connect_packet(const std::string& token) {
    const bool anonymous = token.empty();
    std::string body{"\0\4MQTT\4", 7};
    body.push_back(anonymous ? '\x02' : '\xC2');
    body.append("\0\x3C\0\0", 4);
    if (!anonymous) {
        append_string(body, {});
        append_string(body, token);
    }
    std::string packet{'\x10'};
    auto length = body.size();
    do {
        const auto digit = static_cast<unsigned char>(length % 128);
        length /= 128;
        packet.push_back(static_cast<char>(length > 0 ? digit | 128U : digit));
    } while (length > 0);
    return packet + body;
}

}  // namespace

bool is_ip_address(const std::string& name) {
    in6_addr six{};
    in_addr four{};
    return ::inet_pton(AF_INET, name.c_str(), &four) == 1 || ::inet_pton(AF_INET6, name.c_str(), &six) == 1;
}

void TlsProbe::FreeSsl::operator()(SSL* ssl) const noexcept {
    SSL_free(ssl);
}

TlsProbe::TlsProbe(const TlsTarget& target, milliseconds patience) : context_(SSL_CTX_new(TLS_client_method())) {
    certs::require(context_ != nullptr, "no TLS");
    const auto trusted = certs::certificates_from_pem(target.ca_pem);
    if (trusted.empty()) throw certs::Error("nothing that begins with -----BEGIN CERTIFICATE-----");
    for (const auto& each : trusted) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), each.get());
    }
    if (dial(target, patience)) shake_hands(target);
}

TlsProbe::~TlsProbe() {
    if (socket_ >= 0) ::close(socket_);
}

bool TlsProbe::dial(const TlsTarget& target, milliseconds patience) {
    const auto address = parse(target);
    if (!address) {
        error_ = target.address + ":" + target.port + " is not an address";
        return false;
    }
    socket_ = ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int error = socket_ < 0 ? errno : connect_within(socket_, *address, patience);
    if (error != 0) error_ = std::strerror(error);
    if (error == 0) make_blocking(socket_, patience);
    return error == 0;
}

// The handshake goes to its end whatever the certificate is; then it is judged.
void TlsProbe::shake_hands(const TlsTarget& target) {
    ssl_.reset(SSL_new(context_.get()));
    certs::require(ssl_ != nullptr, "no TLS connection");
    if (is_ip_address(target.name)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), target.name.c_str());
    } else {
        // What the macro SSL_set_tlsext_host_name does, without its old-style cast. OpenSSL copies the name.
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(target.name.c_str()));
        SSL_set1_host(ssl_.get(), target.name.c_str());
    }
    SSL_set_fd(ssl_.get(), socket_);
    ERR_clear_error();
    if (SSL_connect(ssl_.get()) == 1) return judge_certificate();
    const auto code = ERR_peek_error();
    const bool is_about_name = ERR_GET_REASON(code) == SSL_R_TLSV1_UNRECOGNIZED_NAME;
    end_ = is_about_name && !is_ip_address(target.name) ? TlsEnd::unknown_name : TlsEnd::no_handshake;
    error_ = code != 0 ? certs::take_openssl_reason() : std::string("the server ended the connection");
}

void TlsProbe::judge_certificate() {
    const certs::X509Ptr shown(SSL_get1_peer_certificate(ssl_.get()));
    if (shown) issuer_ = common_name(X509_get_issuer_name(shown.get()));
    const auto verdict = SSL_get_verify_result(ssl_.get());
    end_ = end_of(verdict);
    if (verdict != X509_V_OK) error_ = X509_verify_cert_error_string(verdict);
}

std::optional<int> TlsProbe::log_in(const std::string& token) {
    const auto packet = connect_packet(token);
    if (SSL_write(ssl_.get(), packet.data(), static_cast<int>(packet.size())) <= 0) return std::nullopt;
    std::array<unsigned char, 4> answer{};
    std::size_t got = 0;
    while (got < answer.size()) {
        const int read = SSL_read(ssl_.get(), answer.data() + got, static_cast<int>(answer.size() - got));
        if (read <= 0) return std::nullopt;
        got += static_cast<std::size_t>(read);
    }
    constexpr std::array<unsigned char, 2> disconnect{0xE0, 0};
    SSL_write(ssl_.get(), disconnect.data(), static_cast<int>(disconnect.size()));
    return answer[0] == 0x20 ? std::optional<int>(answer[3]) : std::nullopt;
}

}  // namespace cli
