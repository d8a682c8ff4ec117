// A device with the Paho C library's own reconnects, as its examples have them: it reports each second. Settings come from
// the environment of `murano-emulator verify`; PATIENCE_S is Keep Alive and connectTimeout instead of the library's own.
// For tests/integration/test_verify_libraries.py.

#include <MQTTAsync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    char uri[300], text[20];
    MQTTAsync client;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    const char* patience = getenv("PATIENCE_S");
    snprintf(uri, sizeof uri, "ssl://%s:%s", getenv("MURANO_HOST"), getenv("MURANO_PORT"));
    if (MQTTAsync_create(&client, uri, getenv("MURANO_IDENTITY"), MQTTCLIENT_PERSISTENCE_NONE, NULL) != 0) return 1;
    tls.trustStore = getenv("MURANO_CA");
    tls.verify = 1;
    options.ssl = &tls;
    options.username = "";
    options.password = getenv("MURANO_TOKEN");
    if (patience != NULL) options.keepAliveInterval = options.connectTimeout = atoi(patience);
    options.automaticReconnect = 1;  // 1 s at first, doubled to 60 s
    if (MQTTAsync_connect(client, &options) != MQTTASYNC_SUCCESS) return 1;
    for (int count = 1;; ++count) {
        MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
        snprintf(text, sizeof text, "%d", count);
        if (MQTTAsync_isConnected(client))
            MQTTAsync_send(client, "$resource/data_in", (int)strlen(text), text, 1, 0, &response);
        sleep(1);
    }
}
