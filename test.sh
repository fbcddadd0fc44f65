#!/usr/bin/env bash
# Restores, builds with warnings as errors, and runs every test project. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source build/tools.sh

solution=Orleans.Pipeline.sln
configuration=Release
results=$PWD/artifacts/test-results
durations=$PWD/artifacts/test-durations
lanes=2
alone=(ClusterCrash Upgrade)
passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0))
    exit
}

# A run that cannot even start counts as one failure, so that the last line never looks like a success.
give_up() {
    echo "$1" >&2
    failed=$((failed + 1))
    finish
}

restore() {
    dotnet restore "$solution" --verbosity quiet --disable-build-servers || give_up "The packages of $solution cannot be restored."
}

# Builds with one warm compiler for all projects, which is almost twice as fast as one for each. The compiler is shut down after the build.
build() {
    local compiler=orleans-pipeline-tests-$$ roslyn built
    dotnet build "$solution" --configuration "$configuration" --no-restore --nologo --verbosity quiet -warnaserror \
        -nodeReuse:false -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler"
    built=$?
    roslyn=$(dotnet msbuild Core/Orleans.Pipeline.Core.csproj -getProperty:RoslynTargetsPath)
    dotnet exec "$roslyn/bincore/VBCSCompiler.dll" -shutdown -pipename:"$compiler"
    rm -f "${TMPDIR:-/tmp}/$compiler"
    ((built == 0)) || give_up "$solution does not build."
}

# Code is laid out as .editorconfig says; the build holds the other rules of it.
check_layout() {
    dotnet format whitespace . --folder --verify-no-changes --verbosity quiet ||
        give_up "Code is laid out otherwise than .editorconfig says. 'dotnet format whitespace . --folder' mends it."
}

# Whether a project runs alone.
runs_alone() {
    local name
    for name in "${alone[@]}"; do
        [[ $1 == "tests/$name/"* ]] && return
    done

    return 1
}

# Names the test projects: first those that run alone, then by how long they took the last time, so that no long one is left over at the
# end. A project that has not run yet comes before those that have.
test_projects() {
    local project seconds
    dotnet sln "$solution" list | grep -E '^(tests|samples)/.*\.Tests\.csproj$' | while read -r project; do
        seconds=$(cat "$durations/$(basename "$project" .csproj)" 2>/dev/null || echo 100000)
        runs_alone "$project" && seconds=1000000
        echo "$seconds $project"
    done | sort -k1,1nr -k2 | cut -d' ' -f2
}

# Prints the value of an attribute of the counters in a result file.
counter() {
    sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2"
}

# Prints the skipped tests of a result file with their reasons.
print_skipped() {
    awk '
        /<UnitTestResult / { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name); skipped = /outcome="NotExecuted"/; reason = "" }
        skipped && /<Message>/ { reason = $0; gsub(/.*<Message>|<\/Message>.*/, "", reason) }
        skipped && /<StdOut>/ { reason = $0; gsub(/.*<StdOut>|<\/StdOut>.*/, "", reason) }
        skipped && (/<\/UnitTestResult>/ || /<UnitTestResult .*\/>/) { print "Skipped: " name (reason == "" ? "" : ": " reason); skipped = 0 }
    ' "$1"
}

# Runs a test project. What it prints goes to a file, because others run beside it; the line with its counts is shown at once.
run_project() {
    local project=$1 name started=$SECONDS
    name=$(basename "$project" .csproj)
    dotnet test "$project" --configuration "$configuration" --no-build --nologo --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --blame-hang-timeout 15m --blame-hang-dump-type none >"$results/$name.log" 2>&1
    echo $? >"$results/$name.exit"
    echo $((SECONDS - started)) >"$durations/$name"
    grep -E '^(Passed|Failed|Skipped)! ' "$results/$name.log" || echo "Not finished: $name"
}

# Runs the projects, two at a time: they wait for processes, disks and clocks in turn. Some have clusters of processes under load; beside
# those everything, themselves included, takes longer than one after the other.
run_projects() {
    local project running=0
    for project in "$@"; do
        if runs_alone "$project"; then
            run_project "$project"
            continue
        fi

        if ((running == lanes)); then
            wait -n
            running=$((running - 1))
        fi

        run_project "$project" &
        running=$((running + 1))
    done

    wait
}

# Counts a project's results; shows its output if a test failed, and lists what was skipped.
count_project() {
    local project=$1 exit_code total executed failures file
    file=$results/$(basename "$project" .csproj)
    exit_code=$(<"$file.exit")
    if ((exit_code != 0)); then
        echo "== $project"
        cat "$file.log"
    fi

    if [[ ! -f $file.trx ]]; then
        echo "$project left no results (exit code $exit_code)." >&2
        failed=$((failed + 1))
        return
    fi

    total=$(counter total "$file.trx") executed=$(counter executed "$file.trx") failures=$(counter failed "$file.trx")
    passed=$((passed + $(counter passed "$file.trx")))
    failed=$((failed + failures))
    skipped=$((skipped + total - executed))
    print_skipped "$file.trx"
    if ((total == 0)); then
        echo "$project ran no test." >&2
        failed=$((failed + 1))
    elif ((exit_code != 0 && failures == 0)); then
        echo "$project did not finish (exit code $exit_code)." >&2
        failed=$((failed + 1))
    fi
}

rm -rf "$results"
mkdir -p "$results" "$durations"
install_missing chromium chromium
install_missing prometheus prometheus
restore
build
check_layout
mapfile -t projects < <(test_projects)
((${#projects[@]} > 0)) || give_up "$solution has no test project."
run_projects "${projects[@]}"
for project in "${projects[@]}"; do
    count_project "$project"
done
finish
