# Completion of dalil for bash: source <(dalil completion bash)
_dalil() {
	local line kind= current=${COMP_WORDS[COMP_CWORD]}
	[ "$current" != = ] || current=
	COMPREPLY=()
	while IFS= read -r line; do
		if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("${line%%$'\t'*}"); fi
	done < <("${COMP_WORDS[0]/#\~/$HOME}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	case $kind in
	files) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current") ;;
	dirs) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current") ;;
	esac
}
complete -F _dalil dalil
