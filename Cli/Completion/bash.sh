# Completes the command line of `pipeline` in bash. It asks the tool itself, which asks the server for topics and pipelines.
_pipeline_complete() {
    local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} candidate
    # The tool's own name is replaced, because one of its commands is called the same.
    line="_ ${line#*[[:space:]]}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        [[ $candidate == "$word"* ]] || continue
        # Options are many: they are offered when a hyphen was typed.
        [[ $word == -* || $candidate != [-/]* ]] || continue
        COMPREPLY+=("$candidate")
    done < <(pipeline "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o default -F _pipeline_complete pipeline
