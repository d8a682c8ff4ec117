# shellcheck shell=bash
# Shared by the scripts of this folder: where the tree is, what must be installed, how to configure and build.
# Everything said here goes to standard error, so that a script's standard output is its result alone.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Objects are shared between build folders and clones.
export CCACHE_DIR=${CCACHE_DIR:-${HOME:-$root/build}/.cache/ccache}
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-2G}
export CCACHE_BASEDIR=$root  # this clone's, also where a script of another one calls, as script/release does
export CCACHE_NOHASHDIR=1  # debug information may name the folder of another clone

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# have COMMAND...: all of them are here.
have() {
    local each
    for each in "$@"; do command -v "$each" >/dev/null || return 1; done
}

# missing_packages GROUP...: prints the packages of these groups that are not installed.
missing_packages() {
    local group package command installed
    installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p')
    while read -r group package command; do
        [[ " $* " == *" $group "* ]] || continue
        [[ -n $command ]] && command -v "$command" >/dev/null && continue
        grep -qxF "$package" <<<"$installed" || printf '%s\n' "$package"
    done < <(grep -v '^ *\(#\|$\)' "$root/script/packages") | sort -u
}

# need_packages GROUP...: installs what is missing, as root or with sudo; without either it says what to type.
need_packages() {
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
            as_root=(sudo)
        else
            say "These Debian packages are missing, and there is neither root nor sudo to install them. As root:"
            die "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        fi
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the lists that are there"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 ||
        die "Could not install: ${missing[*]}"
}

# jobs: one compiler for each processor, and 1.5 GB of memory for each compiler.
jobs_that_fit() {
    local cores memory_kb by_memory
    cores=$(nproc)
    memory_kb=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)
    by_memory=$((memory_kb / 1500000))
    ((by_memory >= 1)) || by_memory=1
    printf '%s\n' "$((cores < by_memory ? cores : by_memory))"
}

# configure PRESET [CMAKE ARGS...]: once; with arguments every time. Afterwards ninja does it where needed.
configure() {
    local preset=$1
    shift
    [[ -f $root/build/$preset/build.ninja && $# -eq 0 ]] && return 0
    (cd "$root" && cmake --preset "$preset" "$@") >&2
}

# build PRESET [TARGETS...]
build() {
    local preset=$1
    shift
    ninja -C "$root/build/$preset" -j "$(jobs_that_fit)" "$@" >&2
}
