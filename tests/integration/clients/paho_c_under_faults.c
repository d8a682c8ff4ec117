// A device with the Paho C library: HOST PORT CA TOKEN. Says what happens to it, one line each, for
// test_clients_under_faults.py. MQTTClient does not connect anew by itself: this program does, as its users do.

#include <MQTTClient.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_S = 3, LATER_TIMEOUT_S = 30, BACK_OFF_S = 1, KEEP_ALIVE_S = 2, ATTEMPTS = 3 };

static sem_t gone;

static void on_lost(void* context, char* cause) {
    (void)context;
    printf("lost %s\n", cause == NULL ? "without a cause" : cause);
    sem_post(&gone);
}

static int on_message(void* context, char* topic, int length, MQTTClient_message* message) {
    (void)context, (void)length;
    MQTTClient_freeMessage(&message);
    MQTTClient_free(topic);
    return 1;
}

static void on_delivered(void* context, MQTTClient_deliveryToken token) {
    (void)context, (void)token;
    printf("published\n");
}

// The library's own sentences about the handshake.
static int on_tls_error(const char* text, size_t size, void* context) {
    (void)context;
    printf("tls %.*s\n", (int)strcspn(text, "\n") < (int)size ? (int)strcspn(text, "\n") : (int)size, text);
    return 1;
}

static int dial(MQTTClient client, const char* ca, const char* token, int timeout_s) {
    MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    tls.trustStore = ca;
    tls.verify = 1;
    tls.ssl_error_cb = on_tls_error;
    options.ssl = &tls;
    options.cleansession = 0;
    options.connectTimeout = timeout_s;
    options.keepAliveInterval = KEEP_ALIVE_S;
    options.username = "";
    options.password = token;
    for (int attempt = 1; attempt <= ATTEMPTS; ++attempt) {
        const int code = MQTTClient_connect(client, &options);
        if (code == MQTTCLIENT_SUCCESS) {
            printf("connected\n");
            return 1;
        }
        printf("failed %d\n", code);
    }
    return 0;
}

int main(int argc, char** argv) {
    char uri[300];
    MQTTClient client;
    MQTTClient_deliveryToken token;
    if (argc != 5) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    sem_init(&gone, 0, 0);
    snprintf(uri, sizeof uri, "ssl://%s:%s", argv[1], argv[2]);
    const int made = MQTTClient_create(&client, uri, "under-faults", MQTTCLIENT_PERSISTENCE_NONE, NULL);
    if (made != MQTTCLIENT_SUCCESS) return 2;
    const MQTTClient_nameValue* about = MQTTClient_getVersionInfo();
    for (; about->name != NULL; ++about) {
        if (strcmp(about->name, "Version") == 0) printf("version %s\n", about->value);
    }
    MQTTClient_setCallbacks(client, NULL, on_lost, on_message, on_delivered);
    if (!dial(client, argv[3], argv[4], TIMEOUT_S)) return 1;
    MQTTClient_publish(client, "$resource/data_in", 11, "from paho c", 1, 0, &token);
    do {
        sem_wait(&gone);
        sleep(BACK_OFF_S);
    } while (dial(client, argv[3], argv[4], LATER_TIMEOUT_S));
    return 1;
}
