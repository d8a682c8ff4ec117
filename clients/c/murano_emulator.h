// Tests of device firmware in C against murano-emulator: one header, for any test framework (CTest, Unity, …). POSIX.
//
//     murano_start();                                              // a server of its own, on free ports
//     murano_device("12345");                                      // it has a token now
//     system("./firmware &");      // MURANO_HOST, MURANO_PORT, MURANO_CA and MURANO_TOKEN are in its environment
//     assert(murano_wait_for("data_in --alias temperature --within 5s") == 0);
//     assert(murano_set_state("12345 config_io=1") == 0);
//     assert(murano_fault("withhold packet=PUBACK --times 1") == 0);
//     assert(murano_advance("25h") == 0);                          // murano_run("clock reset") takes it back
//     assert(murano_report("--format text --fail-on violation") == 0);
//     assert(murano_verify("--identity 12345 --device-cmd './firmware'") == 0);
//     assert(murano_reset() == 0);
//     murano_stop();
//
// Everything uses the command line: murano_run("COMMAND") runs `murano-emulator COMMAND`. Results are exit codes:
// 0 done, 1 refused, 2 bad usage, 3 a wait timed out. MURANO_EMULATOR names the binary.

#ifndef MURANO_EMULATOR_H
#define MURANO_EMULATOR_H

// With -std=c11 the C library shows no POSIX functions unless they are asked for: include this header first.
#if !defined(_POSIX_C_SOURCE) && !defined(_GNU_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char murano_folder[] = "/tmp/murano-XXXXXX";
static char murano_host[64] = "localhost", murano_port[8], murano_ca[400], murano_token[41];
static char murano_since[24] = "0";
static pid_t murano_server;

static inline const char* murano_binary(void) {
    const char* named = getenv("MURANO_EMULATOR");
    return named != NULL ? named : "murano-emulator";
}

// Runs a command of murano-emulator in the shell: quote special characters, as in '$resource/#'.
static inline int murano_run(const char* arguments) {
    char command[2000];
    snprintf(command, sizeof command, "'%s' %s", murano_binary(), arguments);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static inline int murano_command(const char* name, const char* arguments) {
    char command[1800];
    snprintf(command, sizeof command, "%s %s", name, arguments);
    return murano_run(command);
}

static inline int murano_wait_for(const char* arguments) {
    char command[1800];
    snprintf(command, sizeof command, "wait-for %s --since %s", arguments, murano_since);
    return murano_run(command);
}

static inline int murano_set_state(const char* arguments) {
    return murano_command("state set", arguments);
}
static inline int murano_fault(const char* arguments) {
    return murano_command("fault add", arguments);
}
static inline int murano_verify(const char* arguments) {
    return murano_command("verify", arguments);
}
static inline int murano_advance(const char* by) {
    return murano_command("clock advance", by);
}
static inline int murano_report(const char* arguments) {
    return murano_command("report", arguments);
}
static inline int murano_reset(void) {
    return murano_run("reset");
}

// The text between two marks of the ready file.
static inline void murano_take(const char* text, const char* before, const char* after, char* to, size_t size) {
    const char* begin = strstr(text, before);
    const char* end = begin == NULL ? NULL : strstr(begin + strlen(before), after);
    to[0] = '\0';
    if (end != NULL) snprintf(to, size, "%.*s", (int)(end - begin - (long)strlen(before)), begin + strlen(before));
}

static inline void murano_stop(void) {
    char command[100];
    if (murano_server <= 0) return;
    kill(murano_server, SIGTERM);
    waitpid(murano_server, NULL, 0);
    murano_server = 0;
    snprintf(command, sizeof command, "rm -rf '%s'", murano_folder);
    if (system(command) != 0) fprintf(stderr, "%s was not removed\n", murano_folder);
}

// 0, or the exit code of `health`. The server ends with the program. Sets MURANO_HOST, MURANO_PORT and MURANO_CA for firmware
// that this program starts.
static inline int murano_start(void) {
    char ready[64], text[2000] = "";
    if (mkdtemp(murano_folder) == NULL) return 1;
    snprintf(ready, sizeof ready, "%s/ready.json", murano_folder);
    murano_server = fork();
    if (murano_server == 0) {
        const int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execlp(murano_binary(), murano_binary(), "serve", "--ephemeral", "--mqtts", "127.0.0.1:0", "--api",
               "127.0.0.1:0", "--ready-file", ready, (char*)NULL);
        _exit(127);
    }
    atexit(murano_stop);
    setenv("MURANO_EMULATOR_READY_FILE", ready, 1);
    const int health = murano_run("health --wait 30s >/dev/null");
    if (health != 0) return health;
    FILE* file = fopen(ready, "r");
    if (file == NULL) return 1;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    char place[64];
    murano_take(text, "\"mqtts\":[\"", "\"", place, sizeof place);
    murano_take(text, "\"ca\":\"", "\"", murano_ca, sizeof murano_ca);
    const char* colon = strrchr(place, ':');
    snprintf(murano_port, sizeof murano_port, "%.7s", colon == NULL ? "" : colon + 1);
    setenv("MURANO_HOST", murano_host, 1);
    setenv("MURANO_PORT", murano_port, 1);
    setenv("MURANO_CA", murano_ca, 1);
    return 0;
}

// Gives the device a token of its own; murano_token and the variable MURANO_TOKEN have it.
static inline int murano_device(const char* identity) {
    char command[300];
    unsigned char bytes[20];
    FILE* random = fopen("/dev/urandom", "r");
    if (random == NULL || fread(bytes, 1, sizeof bytes, random) != sizeof bytes) return 1;
    fclose(random);
    for (size_t at = 0; at < sizeof bytes; ++at) snprintf(murano_token + 2 * at, 3, "%02x", bytes[at]);
    setenv("MURANO_TOKEN", murano_token, 1);
    snprintf(command, sizeof command, "identity add '%s' --token %s >/dev/null", identity, murano_token);
    return murano_run(command);
}

#endif
