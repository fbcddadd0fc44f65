# Completes the command line of `pipeline` in zsh. It asks the tool itself, which asks the server for topics and pipelines.
_pipeline_complete() {
    local word=${words[CURRENT]}
    # The tool's own name is replaced, because one of its commands is called the same.
    local line="_ ${(j: :)words[2,CURRENT]}"
    local -a candidates
    candidates=("${(@f)$(pipeline "[suggest:${#line}]" "$line" 2>/dev/null)}")
    # Options are many: they are offered when a hyphen was typed.
    [[ $word == -* ]] || candidates=("${(@)candidates:#[-/]*}")
    candidates=("${(@)candidates:#}")
    if (( ${#candidates} )); then
        compadd -a candidates
    else
        _files
    fi
}
compdef _pipeline_complete pipeline
