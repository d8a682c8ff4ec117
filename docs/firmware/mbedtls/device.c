// The smallest device with mbedTLS 2.28 and MQTT by hand: connects, reports one value at QoS 1, waits for its PUBACK.

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mbedtls_ssl_context tls;

static void check(int code, const char* what) {
    char why[100] = "";
    if (code >= 0) return;
    mbedtls_strerror(code, why, sizeof why);
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void send_all(const unsigned char* bytes, size_t size) {
    while (size > 0) {
        const int sent = mbedtls_ssl_write(&tls, bytes, size);
        check(sent, "write");
        bytes += sent;
        size -= (size_t)sent;
    }
}

// A TLS record may hold part of a packet, or several.
static void read_all(unsigned char* bytes, size_t size) {
    while (size > 0) {
        const int got = mbedtls_ssl_read(&tls, bytes, size);
        check(got == 0 ? MBEDTLS_ERR_NET_CONN_RESET : got, "read");
        bytes += got;
        size -= (size_t)got;
    }
}

static size_t put_string(unsigned char* at, const char* text) {
    const size_t length = strlen(text);
    at[0] = (unsigned char)(length >> 8);
    at[1] = (unsigned char)length;
    memcpy(at + 2, text, length);
    return length + 2;
}

// Packets of less than 128 bytes: one byte of length.
static void send_packet(unsigned char type, const unsigned char* body, size_t size) {
    const unsigned char head[] = {type, (unsigned char)size};
    send_all(head, sizeof head);
    send_all(body, size);
}

static void log_in(const char* token) {
    // MQTT, level 4, Clean Session with user name and password, Keep Alive 60 s, empty client id and user name
    unsigned char body[127] = {0, 4, 'M', 'Q', 'T', 'T', 4, 0xC2, 0, 60, 0, 0, 0, 0}, answer[4];
    send_packet(0x10, body, 14 + put_string(body + 14, token));
    read_all(answer, sizeof answer);
    if (answer[0] == 0x20 && answer[3] == 0) return;
    fprintf(stderr, "CONNACK %d: with 4 and 5 provision again, else try later\n", answer[3]);
    exit(1);
}

static void report(const char* alias, const char* value) {
    unsigned char body[127], answer[4];
    char topic[60];
    snprintf(topic, sizeof topic, "$resource/%s", alias);
    size_t size = put_string(body, topic);
    body[size++] = 0;
    body[size++] = 1;  // packet id
    memcpy(body + size, value, strlen(value));
    send_packet(0x32, body, size + strlen(value));
    read_all(answer, sizeof answer);  // a device that also listens dispatches on the type here
    check(answer[0] == 0x40 ? 0 : MBEDTLS_ERR_SSL_BAD_INPUT_DATA, "PUBACK");
}

int main(void) {
    const char *host = getenv("MURANO_HOST"), *token = getenv("MURANO_TOKEN");
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt trusted;
    mbedtls_ssl_config config;
    mbedtls_net_context socket;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&trusted);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&tls);
    mbedtls_net_init(&socket);
    check(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0), "random numbers");
    check(mbedtls_x509_crt_parse_file(&trusted, getenv("MURANO_CA")), "CA");
    check(mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT),
          "configuration");
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&config, &trusted, NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    check(mbedtls_net_connect(&socket, host, getenv("MURANO_PORT"), MBEDTLS_NET_PROTO_TCP), "TCP");
    check(mbedtls_ssl_setup(&tls, &config), "TLS");
    check(mbedtls_ssl_set_hostname(&tls, host), "host name");  // SNI, and the name in the certificate
    mbedtls_ssl_set_bio(&tls, &socket, mbedtls_net_send, mbedtls_net_recv, NULL);
    check(mbedtls_ssl_handshake(&tls), "handshake");
    log_in(token);
    report("data_in", "21");
    send_packet(0xE0, NULL, 0);
    mbedtls_ssl_close_notify(&tls);
    return 0;
}
