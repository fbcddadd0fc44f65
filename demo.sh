#!/usr/bin/env bash
# The access-log pipeline, end to end: a host or a cluster on a temporary database, log lines pushed from another process, and what
# came of them.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$repository/samples/AccessLog
demo=$samples/Demo/bin/Release/net10.0/AccessLog.Demo.dll
cluster=false
serve=false
pushed_options=()
work='' demo_pid=''
host_names=() host_pids=() host_outputs=() addresses=()

source "$samples/embedded.sh"
source "$samples/cluster.sh"

usage() {
    cat <<'USAGE'
Usage: ./demo.sh [OPTION]...
Pushes log lines through the access-log pipeline and checks that each one has its effect exactly once.

  --cluster      run it on three Orleans silos over PostgreSQL, and kill one of them (SIGKILL) when half of the lines are sent
  --file PATH    push the lines of a log in the combined format, plain or gzip (default: generated lines)
  --records N    push N lines (default: all of the file, or 1,000,000 generated lines, of which 1 in 1,000 is malformed)
  --serve        keep the host running afterwards, or the living silos, and print their addresses; Ctrl-C stops them
  --json         end with one line of JSON
  --help         print this

--cluster needs PostgreSQL 13 or later: it starts a temporary server and removes it at the end.
If the environment variable PIPELINE_POSTGRES has a connection string, as Npgsql reads it, it uses that database instead, and leaves
in it what it creates: the schemas "pipeline" (topics access-log…, the pipeline traffic) and "orleans" (the cluster's members), and
the table "traffic" in the connection's own schema. Give it a database without other pipelines.

Exits with 0 if all that was sent was processed or dead-lettered and the table agrees, 1 if not, 2 if it was called wrongly.
USAGE
}

refuse() {
    echo "demo.sh: $1" >&2
    echo "Try './demo.sh --help'." >&2
    exit 2
}

fail() {
    echo "demo.sh: $1" >&2
    exit 1
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
            --cluster)
                cluster=true
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
    local filter=$1 log=$work/build.log
    echo "Building …" >&2
    dotnet build "$samples/$filter" --configuration Release --nologo --verbosity quiet --disable-build-servers </dev/null >"$log" 2>&1 && return
    grep -E 'error|warning' "$log" | sort -u >&2 || cat "$log" >&2
    fail 'the sample does not build.'
}

# Starts a host under a name; it may take a while, in which others can be started. What a killed one leaves is removed with the rest.
start_host() {
    local name=$1 output
    shift
    mkfifo "$work/$name.out"
    TMPDIR=$work dotnet "$@" </dev/null >"$work/$name.out" 2>"$work/$name.log" &
    host_names+=("$name")
    host_pids+=($!)
    exec {output}<"$work/$name.out"
    host_outputs+=("$output")
}

# Reads the address of the next host from the one line that it writes when it is ready.
read_address() {
    local index=${#addresses[@]} line=''
    read -r line <&"${host_outputs[index]}" || true
    [[ $line == 'Ready: '* ]] || {
        cat "$work/${host_names[index]}.log" >&2
        exit 1
    }
    addresses+=("${line#Ready: }")
}

# Pushes to the hosts, with these options beside those of the command line. What bash would say of a host that is killed meanwhile, the
# demo says itself.
push() {
    local result=0 name
    dotnet "$demo" "${addresses[@]/#/--server=}" "$@" ${pushed_options[@]+"${pushed_options[@]}"} <&0 &
    demo_pid=$!
    wait "$demo_pid" 2>/dev/null || result=$?
    demo_pid=''
    ((result == 0)) || for name in "${host_names[@]}"; do
        tail -n 20 "$work/$name.log" >&2
    done
    return "$result"
}

wait_for_hosts() {
    wait "${host_pids[@]}" || true
}

clean_up() {
    local result=$?
    trap '' INT TERM
    [[ -z $demo_pid ]] || kill -TERM "$demo_pid" 2>/dev/null || true
    ((${#host_pids[@]} == 0)) || kill -TERM "${host_pids[@]}" 2>/dev/null || true
    wait
    remove_postgres
    [[ -z $work ]] || rm -rf "$work"
    exit "$result"
}

read_options "$@"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
work=$(mktemp -d "${TMPDIR:-/tmp}/access-log-demo.XXXXXX")
if $cluster; then
    run_on_cluster
else
    run_embedded
fi
if $serve; then
    trap 'exit 0' INT TERM
    if $cluster; then
        print_cluster
    else
        print_embedded
    fi
    wait_for_hosts
fi
