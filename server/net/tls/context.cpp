#include "server/net/tls/context.h"

#include "certs/error.h"
#include "certs/host_name.h"
#include "server/net/tls/client_chain.h"
#include "server/net/tls/client_hello.h"
#include "server/net/tls/sni.h"

#include <array>
#include <exception>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

namespace net {
namespace {

constexpr int go_on = -1;
constexpr long session_lifetime_s = 24 * 3600;
constexpr long cached_sessions = 512;  // only of clients that know no tickets; tickets cost the server nothing
constexpr long longest_certificate_message = 32768;  // bytes; bounds what a cached session can hold

struct StackFree {
    void operator()(STACK_OF(X509) * p) const noexcept { sk_X509_free(p); }
};
using X509Stack = std::unique_ptr<STACK_OF(X509), StackFree>;

X509Stack stack_of(const certs::Chain& chain) {
    X509Stack stack(sk_X509_new_null());
    for (const certs::X509Ptr& certificate : chain)
        if (!stack || sk_X509_push(stack.get(), certificate.get()) <= 0) return nullptr;
    return stack;
}

int use_chain(SSL* ssl, X509* certificate, EVP_PKEY* key, STACK_OF(X509) * rest) {
    return SSL_use_cert_and_key(ssl, certificate, key, rest, 1);
}
int use_chain(SSL_CTX* context, X509* certificate, EVP_PKEY* key, STACK_OF(X509) * rest) {
    return SSL_CTX_use_cert_and_key(context, certificate, key, rest, 1);
}

// Both kinds are offered; OpenSSL takes the one that the client's suites and signature algorithms allow. [R3a]
template <typename User>
bool use_certificates(User* user, const certs::ServerChains& offered) {
    for (const certs::ServerChain& chain : offered.chains) {
        const X509Stack rest = stack_of(chain.intermediates);
        if (!rest || use_chain(user, chain.certificate.get(), chain.key.get(), rest.get()) != 1) return false;
    }
    return true;
}

bool set_session_context(SSL* ssl, std::string_view id) {
    return SSL_set_session_id_context(ssl, reinterpret_cast<const unsigned char*>(id.data()),
                                      static_cast<unsigned int>(id.size())) == 1;
}

// A changed policy must not be undercut by resuming an older session. With the default policy a short text is its own
// id; a digest is as long as an id may be, so the two never meet.
bool set_session_context(SSL* ssl, const SniAccept& choice, const certs::TlsPolicy& policy, bool is_default) {
    const auto length = choice.session_context.size();
    if (is_default && length > 0 && length < SSL_MAX_SID_CTX_LENGTH) {
        return set_session_context(ssl, choice.session_context);
    }
    std::string text = choice.session_context;
    for (const std::string& part : {std::to_string(policy.min_version), std::to_string(policy.max_version),
                                    policy.cipher_list, policy.ciphersuites}) {
        text += '\0';
        text += part;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    return EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1 &&
           set_session_context(ssl, {reinterpret_cast<const char*>(digest.data()), size});
}

int client_hello_callback(SSL* ssl, int* alert, void* context) {
    HandshakeNotes* notes = handshake_notes(ssl);
    if (notes->handed_over) return SSL_CLIENT_HELLO_SUCCESS;
    const auto* const self = static_cast<const TlsContext*>(context);
    if (notes->stall == Stall::at_client_hello) return SSL_CLIENT_HELLO_RETRY;  // and nobody will
    const int verdict = self->on_client_hello(ssl);
    if (notes->stall == Stall::at_client_hello) return SSL_CLIENT_HELLO_RETRY;
    if (verdict == go_on) {
        notes->handed_over = self->hands_over();
        return notes->handed_over ? SSL_CLIENT_HELLO_RETRY : SSL_CLIENT_HELLO_SUCCESS;
    }
    *alert = verdict;
    return SSL_CLIENT_HELLO_ERROR;
}

// A client may answer the ServerHello before this side looks whether it has: it waits for the next bytes for ever.
bool read_nothing_more(SSL* ssl) {
    certs::BioPtr nothing(BIO_new(BIO_s_mem()));
    if (!nothing) return false;
    BIO_ctrl(nothing.get(), BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nullptr);  // empty: try again later
    SSL_set0_rbio(ssl, nothing.release());
    return true;
}

// Certificates are judged at CONNECT, by the emulator's clock; here the client only proves that it has the key. [R58]
int accept_any_certificate(X509_STORE_CTX* store, void*) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

// The name was read already; this makes OpenSSL answer the extension, as RFC 6066 wants.
int acknowledge_server_name(SSL*, int*, void*) {
    return SSL_TLSEXT_ERR_OK;
}

void note_alert(const SSL* ssl, int where, int value) {
    if (where != SSL_CB_READ_ALERT) return;
    if (HandshakeNotes* notes = handshake_notes(ssl)) notes->alert_received = value & 0xFF;
}

// Sees the first record header only, to recognise those who speak no TLS at all.
void note_first_bytes(int written, int, int content, const void* bytes, size_t size, SSL* ssl, void*) {
    if (written != 0 || content != SSL3_RT_HEADER) return;
    if (HandshakeNotes* notes = handshake_notes(ssl)) notes->first_bytes.assign(static_cast<const char*>(bytes), size);
    SSL_set_msg_callback(ssl, nullptr);
}

void set_options(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_dh_auto(context, 1);
    SSL_CTX_set_read_ahead(context, 1);  // a record's header, its body and what follows in one read
}

void set_sessions(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(context, cached_sessions);
    SSL_CTX_set_timeout(context, session_lifetime_s);
    SSL_CTX_set_num_tickets(context, 1);  // one is enough for a device, and each delays the CONNACK
    SSL_CTX_set_max_cert_list(context, longest_certificate_message);
    keep_client_chains(context);
}

void set_callbacks(SSL_CTX* context, TlsContext* self, ClientCertificates client_certificates) {
    SSL_CTX_set_client_hello_cb(context, client_hello_callback, self);
    // The macro SSL_CTX_set_tlsext_servername_callback spelled out, for its C cast.
    SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                          reinterpret_cast<void (*)()>(acknowledge_server_name));
    SSL_CTX_set_info_callback(context, note_alert);
    SSL_CTX_set_cert_verify_callback(context, accept_any_certificate, nullptr);
    if (client_certificates == ClientCertificates::requested) SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

}  // namespace

TlsContext::TlsContext(std::shared_ptr<certs::ServerCertificates> certificates, SniSelector selector,
                       RealClock real_now_us, ClientCertificates client_certificates)
    : certificates_(std::move(certificates)),
      selector_(std::move(selector)),
      real_now_us_(std::move(real_now_us)),
      default_policy_(certs::tls_v1_2_policy()),
      usual_(certificates_->for_name("", real_now_us_())),
      context_(SSL_CTX_new(TLS_server_method())) {
    certs::require(context_ != nullptr, "cannot set up TLS");
    certs::require(certs::apply(default_policy_, context_.get()), "cannot set up the TLS policy TLSv1.2");
    set_options(context_.get());
    set_sessions(context_.get());
    set_callbacks(context_.get(), this, client_certificates);
    // Told at start rather than at each handshake: a key too short, a signature too weak.
    certs::require(use_certificates(context_.get(), *usual_), "TLS cannot use the server certificate");
}

void TlsContext::log_keys(std::function<void(std::string_view line)> line) {
    key_line_ = std::move(line);
    SSL_CTX_set_app_data(context_.get(), &key_line_);
    SSL_CTX_set_keylog_callback(context_.get(), [](const SSL* ssl, const char* text) {
        const auto* to =
            static_cast<const std::function<void(std::string_view)>*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
        (*to)(text);
    });
}

SslPtr TlsContext::new_session(int fd) const {
    SslPtr ssl(SSL_new(context_.get()));
    if (!ssl || !attach_handshake_notes(ssl.get())) return nullptr;
    if (fd >= 0 && SSL_set_fd(ssl.get(), fd) != 1) return nullptr;
    SSL_set_msg_callback(ssl.get(), note_first_bytes);
    SSL_set_accept_state(ssl.get());
    return ssl;
}

int TlsContext::on_client_hello(SSL* ssl) const try {
    HandshakeNotes* notes = handshake_notes(ssl);
    const auto name = client_hello_server_name(ssl);
    notes->client_hello_seen = true;
    notes->client_max_version = client_hello_max_version(ssl);
    notes->sni_sent = name.has_value();
    notes->sni = name ? normal_host_name(*name) : "";
    const SniVerdict verdict = selector_(name);
    if (const auto* refused = std::get_if<SniRefuse>(&verdict)) {
        notes->refusal = std::make_unique<const SniRefuse>(*refused);
        return SSL_AD_UNRECOGNIZED_NAME;  // [R3]
    }
    const auto& choice = std::get<SniAccept>(verdict);
    const int accepted = accept(ssl, choice);
    if (accepted != go_on || notes->faults == nullptr) return accepted;
    return strike(ssl, notes->faults->on_client_hello(choice.connector));
} catch (const std::exception& failure) {
    handshake_notes(ssl)->callback_failure =
        "The server could not choose a certificate: " + std::string(failure.what()) + ".";
    return SSL_AD_INTERNAL_ERROR;
}

// What a fault wants, on top of what was chosen.
int TlsContext::strike(SSL* ssl, const HelloVerdict& verdict) const {
    if (verdict.changes_nothing()) return go_on;
    HandshakeNotes* notes = handshake_notes(ssl);
    notes->stall = verdict.stall;
    if (verdict.stall == Stall::at_server_hello && !read_nothing_more(ssl)) return SSL_AD_INTERNAL_ERROR;
    if (verdict.alert) {
        notes->aborted = true;
        return *verdict.alert;
    }
    if (verdict.min_version != 0) SSL_set_min_proto_version(ssl, verdict.min_version);
    if (verdict.max_version != 0) SSL_set_max_proto_version(ssl, verdict.max_version);
    bool fine = true;
    if (verdict.chains) {
        SSL_certs_clear(ssl);
        fine = use_certificates(ssl, *verdict.chains);
    }
    if (verdict.no_resumption) {
        // A context of its own: neither do earlier sessions resume in it, nor those that begin here in another.
        std::array<unsigned char, SSL_MAX_SID_CTX_LENGTH> once{};
        fine = fine && RAND_bytes(once.data(), static_cast<int>(once.size())) == 1 &&
               set_session_context(ssl, {reinterpret_cast<const char*>(once.data()), once.size()});
    }
    if (fine) return go_on;
    notes->callback_failure = "what the fault shows cannot be used: " + certs::take_openssl_reason();
    return SSL_AD_INTERNAL_ERROR;
}

int TlsContext::accept(SSL* ssl, const SniAccept& choice) const {
    HandshakeNotes* notes = handshake_notes(ssl);
    const certs::TlsPolicy& policy = choice.policy ? *choice.policy : default_policy_;
    // The default is the context's own and need not be copied into each connection.
    const bool is_default = policy == default_policy_;
    if (!is_default && !certs::apply(policy, ssl)) {
        notes->callback_failure = "The TLS policy of connector " + choice.connector + " cannot be used.";
        return SSL_AD_INTERNAL_ERROR;
    }
    if (!choose_certificates(ssl, notes->sni) || !set_session_context(ssl, choice, policy, is_default)) {
        notes->callback_failure = "The server certificate cannot be used: " + certs::take_openssl_reason() + ".";
        return SSL_AD_INTERNAL_ERROR;
    }
    notes->connector = choice.connector;
    return go_on;
}

// Those of the usual names are the context's own: to give them to each connection costs a twentieth of a resumption.
bool TlsContext::choose_certificates(SSL* ssl, const std::string& name) const {
    const auto chains = certificates_->for_name(name, real_now_us_());
    if (chains == usual_) return true;
    SSL_certs_clear(ssl);
    return use_certificates(ssl, *chains);
}

std::unique_ptr<TlsContext> make_api_tls_context(std::shared_ptr<certs::ServerCertificates> certificates,
                                                 RealClock real_now_us) {
    const auto any_name = [](std::optional<std::string_view> sni) -> SniVerdict {
        if (sni && !certs::is_host_name(normal_host_name(*sni)) && !certs::is_ip_address(*sni))
            return SniRefuse{"R3.not_a_host_name", "The name that the client asked for (SNI) is not a host name.",
                             "Connect by host name or address, without a port in the name."};
        return SniAccept{"", nullptr, "api"};
    };
    return std::make_unique<TlsContext>(std::move(certificates), any_name, std::move(real_now_us),
                                        ClientCertificates::not_asked_for);
}

}  // namespace net
