// A device with the Paho C library: HOST PORT CA IDENTITY. Says what it gets, one line each, for test_clients.py.

#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 60000 };

static void check(int code, const char* what) {
    if (code == MQTTCLIENT_SUCCESS) return;
    printf("error %s %d\n", what, code);
    exit(1);
}

static MQTTClient dial(const char* uri, const char* ca, const char* token) {
    MQTTClient client;
    MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    tls.trustStore = ca;
    tls.verify = 1;
    options.ssl = &tls;
    options.cleansession = 1;
    options.keepAliveInterval = 20;
    if (token != NULL) {
        options.username = "";
        options.password = token;
    }
    check(MQTTClient_create(&client, uri, "", MQTTCLIENT_PERSISTENCE_NONE, NULL), "create");
    check(MQTTClient_connect(client, &options), "connect");
    return client;
}

static void publish(MQTTClient client, const char* topic, const char* payload, int qos) {
    MQTTClient_deliveryToken token;
    check(MQTTClient_publish(client, topic, (int)strlen(payload), payload, qos, 0, &token), "publish");
    check(MQTTClient_waitForCompletion(client, token, TIMEOUT_MS), "delivery");
}

// Waits for the next message; prints a word and the payload, keeps the payload in `kept`.
static void receive(MQTTClient client, const char* word, char* kept, size_t size) {
    char* topic = NULL;
    int topic_length = 0;
    MQTTClient_message* message = NULL;
    int code = MQTTClient_receive(client, &topic, &topic_length, &message, TIMEOUT_MS);
    check(code == MQTTCLIENT_TOPICNAME_TRUNCATED || message != NULL ? MQTTCLIENT_SUCCESS : -100, "receive");
    snprintf(kept, size, "%.*s", message->payloadlen, (const char*)message->payload);
    printf("%s %s\n", word, kept);
    MQTTClient_freeMessage(&message);
    MQTTClient_free(topic);
}

static void hang_up(MQTTClient client) {
    check(MQTTClient_disconnect(client, TIMEOUT_MS), "disconnect");
    MQTTClient_destroy(&client);
}

int main(int argc, char** argv) {
    char uri[300], topic[300], token[100], text[4000];
    if (argc != 5) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(uri, sizeof uri, "ssl://%s:%s", argv[1], argv[2]);
    snprintf(topic, sizeof topic, "$provision/%s", argv[4]);

    MQTTClient anonymous = dial(uri, argv[3], NULL);
    publish(anonymous, topic, "", 1);
    receive(anonymous, "token", token, sizeof token);
    hang_up(anonymous);

    MQTTClient client = dial(uri, argv[3], token);
    publish(client, "$resource/data_in", "from paho c", 1);
    printf("published\n");
    receive(client, "cloud config_io", text, sizeof text);
    publish(client, "$content", "", 0);
    receive(client, "content", text, sizeof text);
    hang_up(client);
    return 0;
}
