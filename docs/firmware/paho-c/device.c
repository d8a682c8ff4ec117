// A complete device with the Paho C library: device [REPORTS]. It reports each 5 seconds, without end unless told.

#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACK_MS = 20000, NOT_KNOWN = 4, NOT_ALLOWED = 5 };

static int connect_once(MQTTClient client) {
    MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    tls.trustStore = getenv("MURANO_CA");
    tls.verify = 1;  // the certificate must be for the host of the URI, which is sent in SNI
    options.ssl = &tls;
    options.cleansession = 1;
    options.keepAliveInterval = 60;
    options.connectTimeout = 20;
    options.MQTTVersion = MQTTVERSION_3_1_1;  // no second try as MQTT 3.1, which Murano refuses
    options.username = "";
    options.password = getenv("MURANO_TOKEN");
    return MQTTClient_connect(client, &options);
}

static int report(MQTTClient client, int value) {
    char text[20];
    MQTTClient_deliveryToken token;
    const int length = snprintf(text, sizeof text, "%d", value);
    const int code = MQTTClient_publish(client, "$resource/data_in", length, text, 1, 0, &token);
    return code != MQTTCLIENT_SUCCESS ? code : MQTTClient_waitForCompletion(client, token, ACK_MS);
}

// Prints what the cloud sends within that time. Topic: $resource/ALIAS/TIMESTAMP.
static void listen_for(MQTTClient client, unsigned long ms) {
    char* topic = NULL;
    int length = 0;
    MQTTClient_message* message = NULL;
    MQTTClient_receive(client, &topic, &length, &message, ms);
    if (message == NULL) return;
    printf("cloud %s %.*s\n", topic, message->payloadlen, (const char*)message->payload);
    MQTTClient_freeMessage(&message);
    MQTTClient_free(topic);
}

// Full jitter: anywhere between nothing and the longest pause, which doubles up to two minutes.
static int wait_before_retry(int longest_s) {
    usleep((useconds_t)((double)rand() / RAND_MAX * longest_s * 1e6));
    return longest_s < 60 ? longest_s * 2 : 120;
}

int main(int argc, char** argv) {
    const int wanted = argc > 1 ? atoi(argv[1]) : -1;
    int sent = 0, longest_s = 1;
    char uri[300];
    MQTTClient client;
    srand((unsigned)time(NULL) ^ (unsigned)getpid());
    snprintf(uri, sizeof uri, "ssl://%s:%s", getenv("MURANO_HOST"), getenv("MURANO_PORT"));
    if (MQTTClient_create(&client, uri, "", MQTTCLIENT_PERSISTENCE_NONE, NULL) != MQTTCLIENT_SUCCESS) return 1;
    while (sent != wanted) {
        const int code = connect_once(client);
        if (code == NOT_KNOWN || code == NOT_ALLOWED) {
            fprintf(stderr, "the credential is not known: provision again\n");
            return 1;
        }
        if (code != MQTTCLIENT_SUCCESS) {
            longest_s = wait_before_retry(longest_s);
            continue;
        }
        longest_s = 1;
        while (sent != wanted && report(client, 20 + sent) == MQTTCLIENT_SUCCESS) {
            if (++sent != wanted) listen_for(client, 5000);
        }
        MQTTClient_disconnect(client, 1000);
    }
    MQTTClient_destroy(&client);
    return 0;
}
