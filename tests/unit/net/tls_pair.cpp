#include "tests/unit/net/tls_pair.h"

#include "certs/pem.h"
#include "server/net/tls/sni.h"
#include "tests/unit/certs/temporary_folder.h"

#include <algorithm>
#include <chrono>

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/err.h>

namespace tls_test {
namespace {

Pair* owner(const SSL* ssl) {
    return static_cast<Pair*>(SSL_get_app_data(ssl));
}

void client_info(const SSL* ssl, int where, int value) {
    if (where == SSL_CB_READ_ALERT) owner(ssl)->on_alert(value & 0xFF);
}

void client_record(int written, int, int content, const void* bytes, size_t size, SSL* ssl, void*) {
    if (written == 0) owner(ssl)->on_record(content, bytes, size);
}

int client_session(SSL* ssl, SSL_SESSION* session) {
    owner(ssl)->keep_session(session);
    return 1;  // kept
}

int accept_anything(int, X509_STORE_CTX*) {
    return 1;
}

void use_device_certificate(SSL* ssl, const certs::DeviceCertificate& device, int copies) {
    const certs::Chain chain = certs::certificates_from_pem(device.certificate_pem);
    SSL_set_mode(ssl, SSL_MODE_NO_AUTO_CHAIN);
    REQUIRE(SSL_use_certificate(ssl, chain.front().get()) == 1);
    REQUIRE(SSL_use_PrivateKey(ssl, certs::key_from_pem(device.key_pem).get()) == 1);
    const auto add = [ssl](const certs::X509Ptr& more) {
        REQUIRE(SSL_ctrl(ssl, SSL_CTRL_CHAIN_CERT, 1, more.get()) == 1);  // the macro has a C cast
    };
    for (std::size_t i = 1; i < chain.size(); ++i) add(chain[i]);
    for (int i = 0; i < copies; ++i) add(chain.front());
}

certs::SslCtxPtr client_context(const Client& wish) {
    certs::SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    REQUIRE(context);
    SSL_CTX_set_security_level(context.get(), wish.security_level);
    SSL_CTX_set_min_proto_version(context.get(), wish.min_version);
    SSL_CTX_set_max_proto_version(context.get(), wish.max_version);
    if (!wish.ciphers.empty()) REQUIRE(SSL_CTX_set_cipher_list(context.get(), wish.ciphers.c_str()) == 1);
    if (!wish.ciphersuites.empty()) REQUIRE(SSL_CTX_set_ciphersuites(context.get(), wish.ciphersuites.c_str()) == 1);
    if (!wish.sigalgs.empty()) REQUIRE(SSL_CTX_set1_sigalgs_list(context.get(), wish.sigalgs.c_str()) == 1);
    if (!wish.groups.empty()) REQUIRE(SSL_CTX_set1_groups_list(context.get(), wish.groups.c_str()) == 1);
    if (!wish.tickets) SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), client_session);
    SSL_CTX_set_info_callback(context.get(), client_info);
    SSL_CTX_set_msg_callback(context.get(), client_record);
    if (wish.trusts_us) X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), keys().authority->certificate());
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_X509_STRICT);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    return context;
}

}  // namespace

std::int64_t real_now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void send_server_name(SSL* client, std::string name) {
    REQUIRE(SSL_ctrl(client, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1);
}

const Keys& keys() {
    static const TemporaryFolder folder;
    static const Keys made = [] {
        Keys all;
        all.authority = std::make_shared<certs::Authority>(certs::Authority::open(folder.path(), real_now_us()));
        all.certificates = std::make_shared<certs::ServerCertificates>(
            all.authority, certs::ServerCertificateOptions{folder.path(), "m2.exosite.io", "buildhost", 16},
            real_now_us());
        all.device = certs::make_device_certificate(*all.authority, "device-1", real_now_us());
        return all;
    }();
    return made;
}

net::SniSelector selector(bool require_sni, std::shared_ptr<const certs::TlsPolicy> policy_of_legacy) {
    return [=](std::optional<std::string_view> sni) -> net::SniVerdict {
        const net::SniChoice choice = net::select_connector(sni, "m2.exosite.io", "local", require_sni);
        if (choice.refused()) return net::SniRefuse{choice.code, choice.refusal, choice.hint};
        const bool legacy = choice.connector == "legacy";
        return net::SniAccept{choice.connector, legacy ? policy_of_legacy : nullptr, choice.connector};
    };
}

Pair::Pair(const net::TlsContext& server, const Client& wish)
    : client_context_(client_context(wish)), server_(server.new_session(-1)), client_(SSL_new(client_context_.get())) {
    REQUIRE(server_);
    BIO* near = nullptr;
    BIO* far = nullptr;
    REQUIRE(BIO_new_bio_pair(&near, 1U << 20U, &far, 1U << 20U) == 1);
    SSL_set_bio(server_.get(), near, near);
    SSL_set_bio(client_.get(), far, far);
    SSL_set_app_data(client_.get(), this);
    SSL_set_connect_state(client_.get());
    if (!wish.sni.empty()) send_server_name(client_.get(), wish.sni);
    const std::string& host = wish.check_host.empty() ? wish.sni : wish.check_host;
    if (!host.empty()) SSL_set1_host(client_.get(), host.c_str());
    if (!wish.trusts_us && wish.check_host == "*") SSL_set_verify(client_.get(), SSL_VERIFY_PEER, accept_anything);
    if (wish.max_fragment != TLSEXT_max_fragment_length_DISABLED)
        REQUIRE(SSL_set_tlsext_max_fragment_length(client_.get(), wish.max_fragment) == 1);
    if (wish.sends_certificate)
        use_device_certificate(client_.get(), wish.certificate.key_pem.empty() ? keys().device : wish.certificate,
                               wish.copies);
    if (wish.resume != nullptr) REQUIRE(SSL_set_session(client_.get(), wish.resume) == 1);
}

bool Pair::step_server() {
    if (server_failed_) return false;
    ERR_clear_error();
    const int result = SSL_do_handshake(server_.get());
    if (result == 1) return true;
    server_error_ = SSL_get_error(server_.get(), result);
    server_failed_ = server_error_ != SSL_ERROR_WANT_READ && server_error_ != SSL_ERROR_WANT_WRITE;
    if (server_failed_) failure_ = net::explain_handshake_failure(server_.get(), server_error_);
    return false;
}

bool Pair::step_client() {
    ERR_clear_error();
    const int result = SSL_do_handshake(client_.get());
    if (const STACK_OF(X509_NAME)* names = SSL_get0_peer_CA_list(client_.get()))
        ca_names_ = std::max(ca_names_, sk_X509_NAME_num(names));
    if (result == 1) return true;
    const int error = SSL_get_error(client_.get(), result);
    client_failed_ = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    ERR_clear_error();
    return false;
}

bool Pair::handshake() {
    for (int round = 0; round < 20; ++round) {
        const bool client_done = step_client();
        const bool server_done = step_server();
        if (client_done && server_done) return true;
        if (server_failed_) {
            step_client();  // reads the alert
            return false;
        }
    }
    return false;
}

bool Pair::send_to_client(std::string_view bytes) {
    if (SSL_write(server_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) return false;
    std::string got(bytes.size(), '\0');
    std::size_t filled = 0;
    while (filled < got.size()) {
        const int size = SSL_read(client_.get(), got.data() + filled, static_cast<int>(got.size() - filled));
        if (size <= 0) return false;
        filled += static_cast<std::size_t>(size);
    }
    return got == bytes;
}

bool Pair::send_to_server(std::string_view bytes) {
    if (SSL_write(client_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) return false;
    std::string got(bytes.size(), '\0');
    const int size = SSL_read(server_.get(), got.data(), static_cast<int>(got.size()));
    return size == static_cast<int>(bytes.size()) && got == bytes;
}

void Pair::raw_to_server(std::string_view bytes) {
    REQUIRE(BIO_write(SSL_get_wbio(client_.get()), bytes.data(), static_cast<int>(bytes.size())) ==
            static_cast<int>(bytes.size()));
    step_server();
}

void Pair::close_client_side() {
    BIO_shutdown_wr(SSL_get_wbio(client_.get()));
    step_server();
}

SessionPtr Pair::take_session() {
    char byte = 0;
    SSL_read(client_.get(), &byte, 1);  // nothing to read but the tickets
    ERR_clear_error();
    if (!session_) session_.reset(SSL_get1_session(client_.get()));
    // As after an orderly end: an unclosed connection makes its session unusable.
    SSL_set_shutdown(client_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    return std::move(session_);
}

void Pair::on_record(int content, const void* bytes, std::size_t size) {
    if (content != SSL3_RT_HEADER || size != 5) return;
    const auto* header = static_cast<const unsigned char*>(bytes);
    if (header[0] != SSL3_RT_APPLICATION_DATA) return;
    largest_record_ = std::max(largest_record_, static_cast<std::size_t>(header[3] << 8U | header[4]));
}

}  // namespace tls_test
