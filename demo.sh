#!/usr/bin/env bash
# The access-log pipeline, end to end: builds the sample and runs samples/AccessLog/Demo. The demo starts hosts on a temporary
# database, pushes log lines from another process, and checks the effects. --help lists the options.
set -euo pipefail

samples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/samples/AccessLog
log=$(mktemp "${TMPDIR:-/tmp}/demo-build.XXXXXX")
trap 'rm -f "$log"' EXIT
echo 'Building …' >&2
if ! dotnet build "$samples/AccessLog.slnf" --configuration Release --nologo --verbosity quiet --disable-build-servers </dev/null >"$log" 2>&1; then
    grep -E 'error|warning' "$log" | sort -u >&2 || cat "$log" >&2
    echo 'demo.sh: the sample does not build.' >&2
    exit 1
fi

rm -f "$log"
exec dotnet "$samples/Demo/bin/Release/net10.0/AccessLog.Demo.dll" "$@"
