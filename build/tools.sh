# Sourced by test.sh: programs that some tests need and a fresh machine lacks.

# Installs a Debian package if a command is missing. This needs root on a Debian. Elsewhere, and if the package is not available, the tests that
# need the command are skipped and listed.
install_missing() {
    local command=$1 package=$2
    command -v "$command" >/dev/null && return
    ((EUID == 0)) && command -v apt-get >/dev/null || return 0
    echo "Installing $package, for the tests that need $command."
    apt_get install "$package" || { apt_get update && apt_get install "$package"; } || echo "$package cannot be installed: those tests are skipped."
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get "$1" --yes --quiet=2 --no-install-recommends "${@:2}" >/dev/null 2>&1
}
