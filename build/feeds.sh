# Sourced by the scripts that restore packages.

# Whether Microsoft.Orleans packages, or the pinned versions of them, are all that a failed restore could not find. Takes its log.
only_orleans_is_missing() {
    local errors
    errors=$(grep -E 'error ' "$1" | grep -vE 'error NU1102: +- ')
    [[ -n $errors ]] && ! grep -qvE 'error NU(110[123]: .*package Microsoft\.Orleans\.|1603: .* but Microsoft\.Orleans\.[^ ]+ [^ ]+ was not found)' <<<"$errors"
}
