# shellcheck shell=bash
# A bare Debian 12 in a folder, for scripts that try things where nothing is installed. Sourced after lib.sh; needs root.

# mirror_of CODENAME: the mirror that this machine's apt uses for it.
mirror_of() {
    # shellcheck disable=SC2016  # apt expands it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $1" 'Component: main' | head -n 1
}

bookworm_mirror() {
    local mirror
    mirror=$(mirror_of bookworm)
    [[ -n $mirror ]] || die "apt knows no mirror for bookworm main"
    printf '%s\n' "$mirror"
}

# add_updates FOLDER: what an installed Debian and Debian's own image get beside the release, where this machine does.
add_updates() {
    local each mirror
    for each in bookworm-updates bookworm-security; do
        mirror=$(mirror_of "$each")
        [[ -z $mirror ]] || printf 'deb %s %s main\n' "$mirror" "$each" >>"$1/etc/apt/sources.list"
    done
}

# host_apt_settings: what apt must know about this machine's way out.
host_apt_settings() { apt-config dump | grep -iE '^Acquire::(http|https)::' || true; }

# make_bare_root FOLDER [PACKAGE,...]: with the way out, /proc and /dev of this machine.
make_bare_root() {
    local bare=$1 packages=${2:-ca-certificates}
    debootstrap --variant=minbase --include="$packages" bookworm "$bare" "$(bookworm_mirror)" >&2
    add_updates "$bare"
    cp -L /etc/resolv.conf "$bare/etc/resolv.conf"
    cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/ca-certificates.crt"
    host_apt_settings >"$bare/etc/apt/apt.conf.d/99host"
    mount -t proc proc "$bare/proc"
    mount --rbind /dev "$bare/dev"
    mount --make-rslave "$bare/dev"
}

# lend_compiler_cache FOLDER: this machine's, as that of its root. To be unmounted: root/.cache/ccache.
lend_compiler_cache() {
    mkdir -p "$1/root/.cache/ccache" "$CCACHE_DIR"
    mount --bind "$CCACHE_DIR" "$1/root/.cache/ccache"
}

# clone_into FOLDER: the last commit, as /root/murano-emulator.
# shellcheck disable=SC2154  # of lib.sh
clone_into() { git clone -q --no-hardlinks "$root" "$1/root/murano-emulator"; }

# inside_clone FOLDER COMMAND: a line of shell in that clone, with nothing of this machine's settings but the cache's size.
# The compiler cache knows an object by its locale variables too: those of a plain build machine.
inside_clone() {
    chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        CCACHE_MAXSIZE="$CCACHE_MAXSIZE" sh -c "cd /root/murano-emulator && $2"
}

# unmount_bare_root FOLDER [MORE...]: MORE are mounts below it that the script made itself.
unmount_bare_root() {
    local bare=$1 mounted
    shift
    for mounted in "$@" dev/pts dev proc; do
        mountpoint -q "$bare/$mounted" && umount -l "$bare/$mounted"
    done
    return 0
}
