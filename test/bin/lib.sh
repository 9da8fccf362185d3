# shellcheck shell=bash
#
# lib.sh
#	  What run, demo, sim and the other scripts here share: which server to use,
#	  who runs what, a private work directory, a throw-away cluster in it and
#	  the simulator.  To be sourced.
#
# Three users are told apart.  Root (or sudo) installs.  The owner of the
# checkout builds, so that a run as root leaves no file that a later run of
# the owner trips over.  The tester runs the server and the tests, which
# refuse to run as root: the user "postgres" when we are root, else ourselves.

set -euo pipefail
unset MAKEFLAGS MFLAGS MAKELEVEL CDPATH # of the make that called us
export LC_ALL=C.UTF-8
umask 022

bin=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$bin/../.." && pwd)
jobs=$(nproc)
work='' child='' sim_pid='' drop=()

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# ---- users

# as_root COMMAND...
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "this needs root, and there is no sudo: ${*}"
    fi
}

# as_owner COMMAND...: as the user who owns the checkout
as_owner() {
    local uid gid
    uid=$(stat -c %u "$top") gid=$(stat -c %g "$top")
    if [ "$(id -u)" = 0 ] && [ "$uid" != 0 ]; then
        setpriv --reuid="$uid" --regid="$gid" --clear-groups env HOME=/ "$@"
    else
        "$@"
    fi
}

# ---- the server

major_version() { # PG_CONFIG_PROGRAM
    "$1" --version | sed -E 's/^PostgreSQL ([0-9]+).*/\1/'
}

# Prints the path of the pg_config to use, which may be there only after
# setup: PG_CONFIG; else that on the PATH, when its server is complete and of
# a version we support; else that of the newest server that Debian installed.
find_pg_config() {
    local dir version
    if [ -n "${PG_CONFIG-}" ]; then
        command -v "$PG_CONFIG" || echo "$PG_CONFIG"
        return
    fi
    if dir=$(pg_config --bindir 2>/dev/null) && [ -x "$dir/postgres" ] &&
        [ -e "$(pg_config --pgxs)" ] && version=$(major_version pg_config) &&
        [ "$version" -ge 15 ] && [ "$version" -le 18 ]; then
        echo "$dir/pg_config"
        return
    fi
    for version in 18 17 16 15; do
        if [ -x "/usr/lib/postgresql/$version/bin/postgres" ]; then
            echo "/usr/lib/postgresql/$version/bin/pg_config"
            return
        fi
    done
}

# Prints the path of pg_bsd_indent: a part of the server's development package
# since PostgreSQL 16, a package of its own before
find_formatter() {
    find /usr/lib/postgresql/*/bin/pg_bsd_indent 2>/dev/null | sort -rV | head -n 1 | grep . ||
        command -v pg_bsd_indent || true
}

# own_typedefs FILE...: prints "FILE: NAME" for each typedef that FILE makes
own_typedefs() {
    perl -0777 -ne 's{/\*.*?\*/}{}gs;
        print "$ARGV: $_\n" for /^typedef (?:struct|enum|union) \w+ (\w+);/gm, /^\}\s*(\w+);/gm' "$@"
}

# Sets PG_CONFIG and what follows from it
use_server() {
    PG_CONFIG=$(find_pg_config)
    [ -x "$PG_CONFIG" ] || die "no pg_config found${PG_CONFIG:+ at $PG_CONFIG}"
    export PG_CONFIG
    bindir=$("$PG_CONFIG" --bindir)
    pgxs_src=$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")
}

# ---- work directory and clean-up

# Sockets live below it: a path may have 107 bytes
make_work_directory() {
    local base=${TMPDIR:-/tmp}
    if [ ${#base} -gt 60 ] || [ ! -w "$base" ]; then base=/tmp; fi
    trap clean_up EXIT
    trap 'stopped 129' HUP
    trap 'stopped 130' INT
    trap 'stopped 143' TERM
    work=$(mktemp -d "$base/billing_fdw.XXXXXX")
    mkdir "$work/log"
}

# One Ctrl-C may arrive twice, from the terminal and from make: the second one
# must not end the clean-up
stopped() { # EXIT_STATUS
    trap '' HUP INT TERM
    exit "$1"
}

# A script's own part, before the directory goes
at_exit() { :; }

clean_up() {
    trap '' HUP INT TERM
    stop_child
    stop_simulator
    stop_servers
    at_exit || true
    rm -rf -- "$work"
}

# Ends what the last tester call started: a session of its own, hence a process
# group
stop_child() {
    local group=$child i
    child=''
    [ -n "$group" ] && kill -TERM -- "-$group" 2>/dev/null || return 0
    for i in {1..100}; do
        group_runs "$group" || return 0
        sleep 0.05
    done
    kill -KILL -- "-$group" 2>/dev/null || true
}

# Zombies do not count: who reaps them may take its time
group_runs() { # PROCESS_GROUP
    awk -v group="$1" '{ sub(/.*\) /, "") } $3 == group && $1 != "Z" { found = 1 }
        END { exit !found }' < <(cat /proc/[0-9]*/stat 2>/dev/null)
}

# Ends every server whose data directory is ours.  A pid file may be stale and
# its number in other use: the working directory of a postmaster tells.
stop_servers() {
    local file pid dir i
    while IFS= read -rd '' file; do
        pid=$(head -n 1 "$file") dir=$(realpath "${file%/*}")
        for i in {1..100}; do
            [ "$(readlink "/proc/$pid/cwd")" = "$dir" ] || break
            # first an immediate shutdown
            if [ "$i" = 1 ]; then kill -QUIT "$pid" || true; fi
            if [ "$i" = 100 ]; then kill -KILL "$pid" || true; fi
            sleep 0.05
        done
    done < <(find "$work" -name postmaster.pid -print0) 2>/dev/null
}

# ---- running things

# quiet WHAT COMMAND...: shows the output only when the command fails
quiet() {
    local log=$work/log/$1.log what=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        die "$what failed"
    fi
}

# tester [NAME=VALUE...] COMMAND...: as the tester, in a session of its own so
# that all of it can be ended, with nothing of our environment but what is
# set here
tester() {
    local rc=0
    setsid env -i --default-signal=INT,QUIT "${tester_env[@]}" "${drop[@]}" \
        env "$@" <&0 9>&- &
    child=$!
    wait "$child" || rc=$?
    stop_child # what the command left behind
    return "$rc"
}

# Chooses the tester and gives the work directory to it
use_tester() {
    local user
    if [ "$(id -u)" = 0 ]; then
        user=postgres
        id -u "$user" >/dev/null 2>&1 || user=nobody
        drop=(setpriv "--reuid=$(id -u "$user")" "--regid=$(id -g "$user")" --clear-groups)
        chown "$(id -u "$user"):$(id -g "$user")" "$work"
        setpriv "${drop[@]:1}" test -w "$work" || die "user $user cannot use ${work%/*}: set TMPDIR"
    fi
    mkdir "$work/tmp" "$work/s"
    tester_owns "$work/tmp" "$work/s"
    tester_env=(
        PATH="$bindir:$work/src/test/sim:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        HOME="$work/tmp" TMPDIR="$work/tmp" LANG=C.UTF-8 PG_CONFIG="$PG_CONFIG"
        PGHOST="$work/s" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
        ${CI+CI="$CI"} ${TERM+TERM="$TERM"}
    )
    local name
    for name in "${!DIFF_@}" "${!CAMPAIGN_@}" "${!BENCH_@}"; do # of what can run for longer
        tester_env+=("$name=${!name}")
    done
    cd "$work"
}

tester_owns() { # PATH...
    [ "$(id -u)" != 0 ] || chown -R --reference="$work" -- "$@"
}

# ---- build and install

build() { # TARGET...
    quiet build as_owner make -s -C "$top" -j"$jobs" WERROR=1 "$@"
}

# Installs what differs: a second run then needs neither root nor sudo
install_extension() {
    local lib share file same=1
    lib=$("$PG_CONFIG" --pkglibdir) share=$("$PG_CONFIG" --sharedir)/extension
    cmp -s "$top/billing_fdw.so" "$lib/billing_fdw.so" || same=0
    for file in "$top"/billing_fdw.control "$top"/sql/billing_fdw--*.sql; do
        cmp -s "$file" "$share/${file##*/}" || same=0
    done
    [ "$same" = 0 ] || return 0
    # all is built: this writes nothing into the checkout
    if [ -w "$lib" ] && [ -w "$share" ]; then
        quiet install make -s -C "$top" WERROR=1 install
    else
        quiet install as_root make -s -C "$top" WERROR=1 PG_CONFIG="$PG_CONFIG" install
    fi
}

# copy_tree DIRECTORY [TAR_OPTION...]: the checkout, without history and results
copy_tree() {
    local to=$1
    shift
    mkdir -p "$to"
    tar -C "$top" --exclude=.git --exclude=./test/output "$@" -cf - . |
        tar -C "$to" --no-same-owner -xf -
}

# The tester may not be allowed to read the checkout: it works on a copy
copy_checkout() {
    copy_tree "$work/src" --exclude='*.o'
    tester_owns "$work/src"
}

# keep_as NAME PATH...: keeps what a developer may want to look at, in place of
# what is in test/output/NAME
keep_as() {
    local keep=$top/test/output/$1
    shift
    as_owner mkdir -p "$top/test/output"
    rm -rf "$keep"
    mkdir "$keep"
    cp -R -- "$@" "$keep"
    [ "$(id -u)" != 0 ] || chown -R --reference="$top" "$top/test/output"
}

# The same for results and logs of tests, in place of all of test/output
keep_output() {
    local keep=$top/test/output
    rm -rf "$keep"
    as_owner mkdir -p "$keep"
    if [ -d "$work/output" ]; then
        # not the data directories
        tar -C "$work/output" --exclude='*/pgdata' --exclude='*/t_*_data' -cf - . | tar -C "$keep" --no-same-owner -xf -
    fi
    cp -R "$work/log" "$keep/"
    [ "$(id -u)" != 0 ] || chown -R --reference="$top" "$keep"
}

# ---- a server of its own

# Makes a tree in the work directory that leads to the files of the server, and
# lets PG_CONFIG and what follows from it name that tree: what is installed
# there, nobody else sees.  It lacks the extension.  (A server finds its files
# by where its program is.)
private_server() {
    local root=$work/server dir lib share
    lib=$("$PG_CONFIG" --pkglibdir) share=$("$PG_CONFIG" --sharedir) dir=$("$PG_CONFIG" --includedir-server)
    mkdir -p "$root$bindir" "$root$lib" "$root$share/extension" "$root${dir%/*}"
    cp -L "$bindir"/* "$root$bindir"
    ln -s "$dir" "$root${dir%/*}"
    ln -s "$lib"/* "$root$lib"
    ln -s "$share"/extension/* "$root$share/extension"
    find "$share" -mindepth 1 -maxdepth 1 ! -name extension -exec ln -s -t "$root$share" {} +
    rm -f "$root$lib/billing_fdw.so" "$root$share"/extension/billing_fdw*
    PG_CONFIG=$root$bindir/pg_config
    use_server
}

# ---- cluster

# Quick rather than safe, unless CLUSTER_AS_IS is set
start_cluster() {
    quiet initdb tester initdb -D "$work/data" -U postgres -A trust -E UTF8 --no-locale --no-sync
    cat >>"$work/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$work/s'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a '
END
    [ -n "${CLUSTER_AS_IS-}" ] || cat >>"$work/data/postgresql.conf" <<END
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 32MB
END
    : >"$work/log/server.log"
    tester_owns "$work/log/server.log"
    tester pg_ctl -D "$work/data" -s -w -l "$work/log/server.log" start >"$work/log/pg_ctl.log" 2>&1 ||
        { cat "$work/log/pg_ctl.log" "$work/log/server.log" >&2; die 'the server does not start'; }
}

# regress_test NAME: runs that file of sql in the database "regression"; fails
# when the output is not as expected
regress_test() {
    local out=$work/output/regress/$1
    tester mkdir -p "$out"
    tester --chdir="$work/src" "$pgxs_src/test/regress/pg_regress" --bindir="$bindir" \
        --host="$work/s" --port=5432 --user=postgres --dbname=regression --use-existing \
        --inputdir="$work/src" --outputdir="$out" "$1" >"$work/log/regress-$1.log" 2>&1
}

# Prints the name of the file that says why it failed
regress_report() { # NAME
    local diffs=$work/output/regress/$1/regression.diffs
    if [ -s "$diffs" ]; then echo "$diffs"; else echo "$work/log/regress-$1.log"; fi
}

# ---- simulator

# The credentials of the documentation: the simulator checks signatures with them
sim_id=AKIDEXAMPLE0123456789abcdefghijkl
sim_key=EXAMPLEKEY0123456789ABCDEFGHIJ

# start_simulator PORT (0: any that is free): sets sim_url, and for the tester
# BILLING_SIM_URL and BILLING_SIM
start_simulator() {
    local out=$work/log/sim.out i
    sim_url=''
    mkfifo "$work/sim.in"
    : >"$out" # it is read before the simulator has opened it
    setsid env -i "${tester_env[@]}" "${drop[@]}" "$work/src/test/sim/billing_sim" \
        --port "$1" --exit-with-stdin --secret "$sim_id:$sim_key" \
        <"$work/sim.in" >"$out" 2>"$work/log/sim.err" &
    sim_pid=$!
    exec 9>"$work/sim.in" # it ends when this is closed, however we end
    for i in {1..100}; do
        sim_url=$(sed -nE '1s/^billing_sim listening on (http:[^ ]+).*/\1/p' "$out")
        [ -z "$sim_url" ] || break
        if ! kill -0 "$sim_pid" 2>/dev/null || [ "$i" = 100 ]; then
            cat "$out" "$work/log/sim.err" >&2
            die 'the simulator does not start'
        fi
        sleep 0.1
    done
    tester_env+=(BILLING_SIM_URL="$sim_url" BILLING_SIM="${sim_url#http://}")
}

stop_simulator() {
    local i
    [ -n "$sim_pid" ] || return 0
    exec 9>&-
    for i in {1..60}; do
        group_runs "$sim_pid" || break
        if [ "$i" = 20 ]; then kill -TERM "$sim_pid" 2>/dev/null || true; fi
        if [ "$i" = 60 ]; then kill -KILL "$sim_pid" 2>/dev/null || true; fi
        sleep 0.05
    done
    sim_pid=''
}
