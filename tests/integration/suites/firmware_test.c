// A suite as users of clients/c write it; built and run by test_client_helpers.py. Its firmware is mosquitto_pub.

#include "../../../clients/c/murano_emulator.h"

static int failures;

static void expect(int expected, int found, const char* what) {
    printf("%s: %s (%d)\n", found == expected ? "ok" : "FAILED", what, found);
    failures += found != expected;
}

static void publish(const char* topic) {
    char command[1000];
    snprintf(command, sizeof command,
             "LD_PRELOAD=libnss_wrapper.so mosquitto_pub -h %s -p %s --cafile %s -u '' -P %s -q 1 -t '%s' -m 21",
             murano_host, murano_port, murano_ca, murano_token, topic);
    expect(0, system(command), "mosquitto_pub");
}

int main(void) {
    expect(0, murano_start(), "start");
    expect(0, murano_device("12345"), "a device");
    publish("$resource/data_in");
    expect(0, murano_wait_for("data_in --alias data_in --equals 21 --within 5s"), "the report arrives");
    expect(3, murano_wait_for("data_in --alias other --within 50ms"), "nothing else does");
    expect(0, murano_report("--fail-on violation"), "no rule is broken");
    publish("$resources/data_in");
    expect(1, murano_report("--fail-on violation"), "a wrong topic breaks one");
    murano_stop();
    return failures > 0;
}
