# Sourced by demo.sh: the pipeline in one process, on a temporary SQLite file.

run_embedded() {
    build AccessLog.slnf
    start_host host "$samples/EmbeddedHost/bin/Release/net10.0/AccessLog.EmbeddedHost.dll" \
        --database "$work/access-log.db" --urls http://127.0.0.1:0
    read_address
    echo "Host: ${addresses[0]}"
    push
}

print_embedded() {
    echo "Serving on ${addresses[0]} (try ${addresses[0]}/traffic/by-status). Dashboard: ${addresses[0]}. Ctrl-C stops." >&2
}
