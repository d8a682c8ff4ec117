# shellcheck shell=sh
# Tests of device firmware in the shell: functions to source (. murano_emulator.sh), POSIX. MURANO_EMULATOR names the binary.
#
#     . ./murano_emulator.sh
#     murano_start                                       # starts a server on free ports; it ends with the script
#     murano_device 12345                                # creates a device with a token
#     ./firmware --host "$MURANO_HOST" --port "$MURANO_PORT" --ca "$MURANO_CA" --token "$MURANO_TOKEN" &
#     murano_wait_for data_in --alias temperature --within 5s
#     murano_set_state 12345 config_io=1
#     murano_fault withhold packet=PUBACK --times 1
#     murano_advance 25h
#     murano_report --fail-on violation
#     murano_verify --identity 12345 --suite quick
#     murano_reset
#
# Each takes the arguments of its `murano-emulator` command and returns its exit code: 0 done, 1 refused or a rule broken,
# 2 bad usage, 3 a wait timed out.

murano() { "${MURANO_EMULATOR:-murano-emulator}" "$@"; }

murano_start() {
    MURANO_FOLDER=$(mktemp -d) || return 1
    MURANO_EMULATOR_READY_FILE=$MURANO_FOLDER/ready.json
    export MURANO_EMULATOR_READY_FILE
    murano serve --ephemeral --api 127.0.0.1:0 --mqtts 127.0.0.1:0 >"$MURANO_FOLDER/log" 2>&1 &
    MURANO_PID=$!
    trap murano_stop EXIT
    if ! murano health --wait 30s >/dev/null; then
        cat "$MURANO_FOLDER/log" >&2
        return 1
    fi
    MURANO_PID=$(murano_ready '"pid":\([0-9]*\)')  # not of the subshell that a function runs in
    MURANO_HOST=localhost
    MURANO_PORT=$(murano_ready '"mqtts":\["[^"]*:\([0-9]*\)"')
    MURANO_CA=$(murano_ready '"ca":"\([^"]*\)"')
    export MURANO_HOST MURANO_PORT MURANO_CA
}

murano_ready() { sed -n "s/.*$1.*/\1/p" "$MURANO_EMULATOR_READY_FILE"; }

murano_stop() {
    if [ -n "${MURANO_PID:-}" ]; then
        kill "$MURANO_PID" 2>/dev/null || true
        wait "$MURANO_PID" 2>/dev/null || true
    fi
    MURANO_PID=
    rm -rf "$MURANO_FOLDER"
}

# The token is the password of MQTT; the user name is empty.
murano_device() {
    MURANO_TOKEN=$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')
    export MURANO_TOKEN
    murano identity add "$1" --token "$MURANO_TOKEN" >/dev/null
}

murano_wait_for() { murano wait-for "$@" --since 0; }
murano_set_state() { murano state set "$@"; }
murano_fault() { murano fault add "$@"; }
murano_advance() { murano clock advance "$@"; }
murano_report() { murano report "$@"; }
murano_verify() { murano verify "$@"; }
murano_reset() { murano reset "$@"; }
