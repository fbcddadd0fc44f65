# Sourced by demo.sh: the pipeline on three silos over PostgreSQL, of which the second is killed.

silos=3
killed=1
postgres_bin='' postgres_home=''
ports=()

run_on_cluster() {
    local silo
    [[ -n ${PIPELINE_POSTGRES:-} ]] || find_postgres
    build AccessLog.Cluster.slnf
    [[ -n ${PIPELINE_POSTGRES:-} ]] || start_postgres
    for ((silo = 1; silo <= silos; silo++)); do
        start_silo "$silo"
    done
    for ((silo = 1; silo <= silos; silo++)); do
        read_address
        echo "Silo $silo: ${addresses[silo - 1]} (process ${host_pids[silo - 1]})"
    done
    push --kill "${host_pids[killed]}"
    forget_killed
}

start_silo() {
    choose_port
    choose_port
    start_host "silo$1" "$samples/SiloHost/bin/Release/net10.0/AccessLog.SiloHost.dll" --urls http://127.0.0.1:0 \
        --Silo:ClusterId access-log-demo --Silo:SiloPort "${ports[-2]}" --Silo:GatewayPort "${ports[-1]}"
}

# Chooses a port of loopback on which nobody listens, below those that systems give to outgoing connections.
choose_port() {
    local port
    while true; do
        port=$((15000 + RANDOM % 17000))
        if [[ " ${ports[*]-} " != *" $port "* ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            ports+=("$port")
            return
        fi
    done
}

# The system may give the process id to somebody else.
forget_killed() {
    kill -0 "${host_pids[killed]}" 2>/dev/null || unset 'host_pids[killed]' 'addresses[killed]'
}

print_cluster() {
    local address
    for address in "${addresses[@]}"; do
        echo "Serving on $address (try $address/traffic/by-status). Dashboard: $address" >&2
    done
    echo 'Ctrl-C stops.' >&2
}

# Finds the programs of an installed PostgreSQL: on the path, or the newest where Debian keeps them.
find_postgres() {
    local program
    while read -r program; do
        if [[ -x $program && -x ${program%/*}/pg_ctl ]]; then
            postgres_bin=${program%/*}
            return
        fi
    done < <(type -P initdb; printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -rV)
    fail '--cluster needs PostgreSQL, and there is none on the PATH or in /usr/lib/postgresql. Install it, or set PIPELINE_POSTGRES to a connection string.'
}

# PostgreSQL refuses to run as root, so root runs it as the user that its package made.
as_postgres() {
    if ((EUID == 0)); then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# Starts a server that only this user can reach: by a socket in a directory of its own, and not over the network.
start_postgres() {
    local base=${TMPDIR:-/tmp} log=$work/postgres.log
    ((EUID != 0)) || id postgres >/dev/null 2>&1 ||
        fail "there is no user 'postgres' to run PostgreSQL as, which refuses to run as root. Run the demo as another user, or set PIPELINE_POSTGRES."
    echo 'Starting PostgreSQL …' >&2
    as_postgres test -w "$base" || base=/tmp
    postgres_home=$(as_postgres mktemp -d "$base/access-log-demo-postgres.XXXXXX")
    if ! as_postgres "$postgres_bin/initdb" -D "$postgres_home/data" -U demo --auth=trust -E UTF8 --no-locale --no-sync </dev/null >"$log" 2>&1 ||
        ! as_postgres "$postgres_bin/pg_ctl" -D "$postgres_home/data" -l "$postgres_home/log" -o "-k '$postgres_home' -c listen_addresses=''" -w start </dev/null >>"$log" 2>&1; then
        cat "$log" "$postgres_home/log" 2>/dev/null >&2 || true
        fail 'PostgreSQL does not start.'
    fi
    export PIPELINE_POSTGRES="Host=$postgres_home;Username=demo;Database=postgres"
}

remove_postgres() {
    [[ -n $postgres_home ]] || return 0
    [[ ! -f $postgres_home/data/postmaster.pid ]] || as_postgres "$postgres_bin/pg_ctl" -D "$postgres_home/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$postgres_home"
}
