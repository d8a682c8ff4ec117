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

// Firmware that reports four times a second. The commands run in the shell, which reads $FIRMWARE.
static int judge(const char* topic) {
    setenv("TOPIC", topic, 1);
    setenv("FIRMWARE",
           "while :; do LD_PRELOAD=libnss_wrapper.so mosquitto_pub -h localhost -p \"$MURANO_PORT\" --cafile \"$MURANO_CA\""
           " -u '' -P \"$MURANO_TOKEN\" -q 1 -t \"$TOPIC\" -m 21; sleep 0.25; done",
           1);
    return murano_verify("--identity 12345 --device-cmd \"$FIRMWARE\" --watch-only --only PUB-01"
                         " --set look_s=0.5 --set watch_s=1");
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
    expect(0, murano_set_state("12345 config_io=1"), "a value from the cloud");
    expect(0, murano_fault("withhold packet=PUBACK --times 1"), "a fault");
    expect(0, murano_advance("25h"), "a day later");
    expect(0, murano_reset(), "back to the beginning");
    expect(1, murano_set_state("12345 config_io=1"), "which had no device");
    expect(0, murano_device("12345"), "a device again");
    expect(0, judge("$resource/data_in"), "firmware that keeps the rules passes");
    expect(1, judge("$resources/data_in"), "firmware that does not fails");
    murano_stop();
    return failures > 0;
}
