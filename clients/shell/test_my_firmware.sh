#!/bin/sh
# test_my_firmware.sh IDENTITY COMMAND...: starts the emulator, gives the device a token, runs COMMAND as the firmware,
# waits until it has reported, and writes the findings to report.xml. Exit code 3: no report in time; 1: it broke a rule.
#
# COMMAND's environment contains DEVICE_HOST, DEVICE_PORT, DEVICE_CA, DEVICE_IDENTITY, DEVICE_TOKEN (the password; the
# user name is empty). MURANO_EMULATOR names the binary, WITHIN is the longest wait (10s), LAST_LOOK the wait after the end of
# COMMAND (1s; longer if COMMAND only starts the device).
set -eu

emulator=${MURANO_EMULATOR:-murano-emulator}
export DEVICE_IDENTITY="$1"
shift

folder=$(mktemp -d)
export MURANO_EMULATOR_READY_FILE="$folder/ready.json"
"$emulator" serve --ephemeral --api 127.0.0.1:0 --mqtts 127.0.0.1:0 >"$folder/log" 2>&1 &
server=$!
firmware=$server
trap 'kill "$firmware" "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$folder"' EXIT

tries=0
until "$emulator" health >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
done

# {"mqtts":["127.0.0.1:40123"],…,"ca":"/…/ca.crt",…}
place=$(sed 's/.*"mqtts":\["\([^"]*\)".*/\1/' "$MURANO_EMULATOR_READY_FILE")
export DEVICE_HOST=localhost DEVICE_PORT="${place##*:}"
DEVICE_CA=$(sed 's/.*"ca":"\([^"]*\)".*/\1/' "$MURANO_EMULATOR_READY_FILE")
DEVICE_TOKEN=$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')
export DEVICE_CA DEVICE_TOKEN
"$emulator" identity add "$DEVICE_IDENTITY" --token "$DEVICE_TOKEN"

"$@" &
firmware=$!
"$emulator" wait-for data_in --identity "$DEVICE_IDENTITY" --since 0 --within "${WITHIN:-10s}" &
waiting=$!
while kill -0 "$waiting" 2>/dev/null && kill -0 "$firmware" 2>/dev/null; do sleep 0.1; done
code=0
if kill "$waiting" 2>/dev/null; then
    wait "$waiting" 2>/dev/null || true
    wait "$firmware" || echo "the firmware has ended with exit code $?" >&2
    "$emulator" wait-for data_in --identity "$DEVICE_IDENTITY" --since 0 --within "${LAST_LOOK:-1s}" || code=$?
else
    wait "$waiting" || code=$?
fi
"$emulator" report --format junit --fail-on violation >report.xml || [ "$code" -ne 0 ] || code=1
exit "$code"
