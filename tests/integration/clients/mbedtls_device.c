// A device with mbedTLS and a few lines of MQTT: HOST PORT CA IDENTITY SHAPE. TLS 1.2 only, as small firmware is built:
//   mfl1k, mfl4k   asks for records of at most 1 KB or 4 KB
//   ecdhe-rsa, dhe-rsa   offers suites with RSA certificates only
// Provisions, says the token, connects, and says the length and a checksum of the cloud value that it gets.
//   faults         IDENTITY is a token: connects, reports and pings, each read for READ_TIMEOUT_MS at most

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_TIMEOUT_MS = 2000, PING_S = 1 };
enum { LARGEST_PACKET = 200000, CONNECT = 0x10, PUBLISH = 0x30, PUBLISH_QOS_1 = 0x32 };

static const int ecdhe_rsa[] = {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, 0};
static const int dhe_rsa[] = {MBEDTLS_TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
                              0};

typedef struct {
    const char *host, *port, *ca, *shape;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt trusted;
    mbedtls_ssl_config config;
} Device;

typedef struct {
    mbedtls_net_context socket;
    mbedtls_ssl_context tls;
    size_t largest_record;
} Stream;

static void check(int code, const char* what) {
    if (code >= 0) return;
    printf("error %s -0x%04x\n", what, (unsigned)-code);
    exit(1);
}

static void choose_shape(Device* device) {
    int code = 0;
    if (strcmp(device->shape, "mfl1k") == 0) {
        code = mbedtls_ssl_conf_max_frag_len(&device->config, MBEDTLS_SSL_MAX_FRAG_LEN_1024);
    } else if (strcmp(device->shape, "mfl4k") == 0) {
        code = mbedtls_ssl_conf_max_frag_len(&device->config, MBEDTLS_SSL_MAX_FRAG_LEN_4096);
    } else if (strcmp(device->shape, "ecdhe-rsa") == 0) {
        mbedtls_ssl_conf_ciphersuites(&device->config, ecdhe_rsa);
    } else if (strcmp(device->shape, "dhe-rsa") == 0) {
        mbedtls_ssl_conf_ciphersuites(&device->config, dhe_rsa);
    } else if (strcmp(device->shape, "faults") == 0) {
        mbedtls_ssl_conf_read_timeout(&device->config, READ_TIMEOUT_MS);
    } else {
        code = -1;
    }
    check(code, "shape");
}

static void prepare(Device* device) {
    mbedtls_entropy_init(&device->entropy);
    mbedtls_ctr_drbg_init(&device->random);
    mbedtls_x509_crt_init(&device->trusted);
    mbedtls_ssl_config_init(&device->config);
    check(mbedtls_ctr_drbg_seed(&device->random, mbedtls_entropy_func, &device->entropy, NULL, 0), "seed");
    check(-mbedtls_x509_crt_parse_file(&device->trusted, device->ca) > 0 ? -1 : 0, "ca");
    check(mbedtls_ssl_config_defaults(&device->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT),
          "defaults");
    mbedtls_ssl_conf_authmode(&device->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&device->config, &device->trusted, NULL);
    mbedtls_ssl_conf_rng(&device->config, mbedtls_ctr_drbg_random, &device->random);
    mbedtls_ssl_conf_min_version(&device->config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_max_version(&device->config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    choose_shape(device);
}

static void release(Device* device) {
    mbedtls_ssl_config_free(&device->config);
    mbedtls_x509_crt_free(&device->trusted);
    mbedtls_ctr_drbg_free(&device->random);
    mbedtls_entropy_free(&device->entropy);
}

static void dial(Device* device, Stream* stream) {
    mbedtls_net_init(&stream->socket);
    mbedtls_ssl_init(&stream->tls);
    stream->largest_record = 0;
    check(mbedtls_net_connect(&stream->socket, device->host, device->port, MBEDTLS_NET_PROTO_TCP), "tcp");
    check(mbedtls_ssl_setup(&stream->tls, &device->config), "setup");
    check(mbedtls_ssl_set_hostname(&stream->tls, device->host), "host name");
    mbedtls_ssl_set_bio(&stream->tls, &stream->socket, mbedtls_net_send, NULL, mbedtls_net_recv_timeout);
    const int code = mbedtls_ssl_handshake(&stream->tls);
    if (code == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) {
        char why[500] = "";
        mbedtls_x509_crt_verify_info(why, sizeof why, "verify ", mbedtls_ssl_get_verify_result(&stream->tls));
        printf("%s", why);
    }
    check(code, "handshake");
}

static void hang_up(Stream* stream) {
    static const unsigned char disconnect[] = {0xE0, 0};
    check(mbedtls_ssl_write(&stream->tls, disconnect, sizeof disconnect), "disconnect");
    mbedtls_ssl_close_notify(&stream->tls);
    mbedtls_ssl_free(&stream->tls);
    mbedtls_net_free(&stream->socket);
}

static void send_all(Stream* stream, const unsigned char* bytes, size_t size) {
    while (size > 0) {
        const int sent = mbedtls_ssl_write(&stream->tls, bytes, size);
        check(sent, "write");
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void read_all(Stream* stream, unsigned char* bytes, size_t size) {
    while (size > 0) {
        const int got = mbedtls_ssl_read(&stream->tls, bytes, size);
        check(got == 0 ? -1 : got, "read");
        const size_t record = (size_t)got + mbedtls_ssl_get_bytes_avail(&stream->tls);
        if (record > stream->largest_record) stream->largest_record = record;
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

// Everything that is sent here is shorter than 128 bytes.
static void send_packet(Stream* stream, unsigned char type, const unsigned char* body, size_t size) {
    unsigned char packet[130] = {type, (unsigned char)size};
    memcpy(packet + 2, body, size);
    send_all(stream, packet, size + 2);
}

// The body of the next packet; its size. Fails where it is of another type.
static size_t receive(Stream* stream, unsigned char type, unsigned char* body) {
    unsigned char byte = 0;
    size_t size = 0, shift = 0;
    read_all(stream, &byte, 1);
    check(byte == type ? 0 : -(int)byte, "packet type");
    do {
        read_all(stream, &byte, 1);
        size |= (size_t)(byte & 127) << shift;
        shift += 7;
    } while (byte & 128);
    check(size <= LARGEST_PACKET ? 0 : -1, "packet size");
    read_all(stream, body, size);
    return size;
}

static void log_in(Stream* stream, const char* token, unsigned char* body) {
    static const unsigned char head[] = {0, 4, 'M', 'Q', 'T', 'T', 4, 0xC2, 0, 60, 0, 0, 0, 0};
    memcpy(body, head, sizeof head);
    send_packet(stream, CONNECT, body, sizeof head + put_string(body + sizeof head, token));
    check(receive(stream, 0x20, body) == 2 && body[1] == 0 ? 0 : -1, "connack");
}

static void provision(Device* device, const char* identity, char* token, size_t size, unsigned char* body) {
    Stream stream;
    char topic[100];
    snprintf(topic, sizeof topic, "$provision/%s", identity);
    dial(device, &stream);
    printf("suite %s\n", mbedtls_ssl_get_ciphersuite(&stream.tls));
    log_in(&stream, "", body);
    send_packet(&stream, PUBLISH, body, put_string(body, topic));
    const size_t got = receive(&stream, PUBLISH, body), skipped = strlen(topic) + 2;
    snprintf(token, size, "%.*s", (int)(got - skipped), (const char*)body + skipped);
    printf("token %s\n", token);
    hang_up(&stream);
}

static void live(Device* device, const char* token, unsigned char* body) {
    Stream stream;
    dial(device, &stream);
    log_in(&stream, token, body);
    size_t size = put_string(body, "$resource/data_in");
    memcpy(body + size, "\0\1from mbedtls", 14);
    send_packet(&stream, PUBLISH_QOS_1, body, size + 14);
    check(receive(&stream, 0x40, body) == 2 ? 0 : -1, "puback");
    printf("published\n");
    size = receive(&stream, PUBLISH, body);
    unsigned sum = 0;
    const size_t skipped = ((size_t)body[0] << 8 | body[1]) + 2;
    for (size_t at = skipped; at < size; ++at) sum = (sum * 31 + body[at]) & 0xFFFFFF;
    printf("cloud %zu %u\n", size - skipped, sum);
    printf("record %zu\n", stream.largest_record);
    hang_up(&stream);
}

// What many small devices have for a client: every read has a timeout, and its error ends the attempt.
static void under_faults(Device* device, const char* token, unsigned char* body) {
    Stream stream;
    char version[20];
    mbedtls_version_get_string(version);
    printf("version %s\n", version);
    dial(device, &stream);
    log_in(&stream, token, body);
    printf("connected\n");
    size_t size = put_string(body, "$resource/data_in");
    memcpy(body + size, "\0\1from mbedtls", 14);
    send_packet(&stream, PUBLISH_QOS_1, body, size + 14);
    check(receive(&stream, 0x40, body) == 2 ? 0 : -1, "puback");
    printf("published\n");
    while (1) {
        sleep(PING_S);
        send_packet(&stream, 0xC0, body, 0);
        receive(&stream, 0xD0, body);
    }
}

int main(int argc, char** argv) {
    if (argc != 6) return 2;
    Device device = {.host = argv[1], .port = argv[2], .ca = argv[3], .shape = argv[5]};
    char token[100];
    unsigned char* body = malloc(LARGEST_PACKET);
    check(body == NULL ? -1 : 0, "memory");
    setvbuf(stdout, NULL, _IOLBF, 0);
    prepare(&device);
    if (strcmp(device.shape, "faults") == 0) under_faults(&device, argv[4], body);
    provision(&device, argv[4], token, sizeof token, body);
    live(&device, token, body);
    release(&device);
    free(body);
    return 0;
}
