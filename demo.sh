#!/usr/bin/env bash
# The access-log pipeline, end to end: a host on a temporary database, log lines pushed from a second process, and what came of them.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$repository/samples/AccessLog
host=$samples/EmbeddedHost/bin/Release/net10.0/AccessLog.EmbeddedHost.dll
demo=$samples/Demo/bin/Release/net10.0/AccessLog.Demo.dll
serve=false
pushed_options=()
work='' host_pid='' demo_pid=''

usage() {
    cat <<'USAGE'
Usage: ./demo.sh [OPTION]...
Pushes log lines through the access-log pipeline and checks that each one has its effect exactly once.

  --file PATH    push the lines of a log in the combined format, plain or gzip (default: generated lines)
  --records N    push N lines (default: all of the file, or 1,000,000 generated lines, of which 1 in 1,000 is malformed)
  --serve        keep the host running afterwards, and print its address; Ctrl-C stops it
  --json         end with one line of JSON
  --help         print this

Exits with 0 if all that was sent was processed or dead-lettered and the table agrees, 1 if not, 2 if it was called wrongly.
USAGE
}

refuse() {
    echo "demo.sh: $1" >&2
    echo "Try './demo.sh --help'." >&2
    exit 2
}

read_options() {
    while (($# > 0)); do
        case $1 in
            --file | --records)
                (($# > 1)) || refuse "$1 needs a value."
                "check_${1#--}" "$2"
                shift 2
                ;;
            --json)
                pushed_options+=(--json)
                shift
                ;;
            --serve)
                serve=true
                shift
                ;;
            --help)
                usage
                exit 0
                ;;
            *) refuse "there is no option '$1'." ;;
        esac
    done
}

check_file() {
    [[ -f $1 && -r $1 ]] || refuse "there is no file '$1' that can be read."
    pushed_options+=(--file "$(realpath "$1")")
}

check_records() {
    [[ $1 =~ ^[1-9][0-9]{0,11}$ ]] || refuse "--records takes a number from 1 to 999999999999, not '$1'."
    pushed_options+=(--records "$1")
}

build() {
    local log=$work/build.log
    echo "Building …" >&2
    dotnet build "$samples/AccessLog.slnf" --configuration Release --nologo --verbosity quiet --disable-build-servers </dev/null >"$log" 2>&1 || {
        grep -E 'error|warning' "$log" | sort -u >&2 || cat "$log" >&2
        echo "demo.sh: the sample does not build." >&2
        exit 1
    }
}

# Starts the host on a free port and reads its address from the one line it writes when it is ready.
start_host() {
    local line=''
    mkfifo "$work/host.out"
    dotnet "$host" --database "$work/access-log.db" --urls http://127.0.0.1:0 </dev/null >"$work/host.out" 2>"$work/host.log" &
    host_pid=$!
    exec 3<"$work/host.out"
    read -r line <&3 || true
    address=${line#Ready: }
    [[ -n $address ]] || {
        cat "$work/host.log" >&2
        exit 1
    }
    echo "Host: $address"
}

push() {
    dotnet "$demo" --server "$address" ${pushed_options[@]+"${pushed_options[@]}"} <&0 &
    demo_pid=$!
    local result=0
    wait "$demo_pid" || result=$?
    demo_pid=''
    ((result == 0)) || tail -n 20 "$work/host.log" >&2
    return "$result"
}

serve_until_stopped() {
    echo "Serving on $address (try $address/traffic/by-status). Ctrl-C stops." >&2
    wait "$host_pid" || true
}

clean_up() {
    local result=$?
    trap '' INT TERM
    [[ -z $demo_pid ]] || kill -TERM "$demo_pid" 2>/dev/null || true
    [[ -z $host_pid ]] || kill -TERM "$host_pid" 2>/dev/null || true
    wait
    [[ -z $work ]] || rm -rf "$work"
    exit "$result"
}

read_options "$@"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
work=$(mktemp -d "${TMPDIR:-/tmp}/access-log-demo.XXXXXX")
build
start_host
push
if $serve; then
    trap 'exit 0' INT TERM
    serve_until_stopped
fi
