#compdef dalil
# Completion of dalil for zsh: source <(dalil completion zsh)
_dalil() {
	local line
	local -a lines described
	lines=("${(@f)$(${~words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
	case $lines[1] in
	files) _files; return ;;
	dirs) _files -/; return ;;
	esac
	for line in "${(@)lines[2,-1]}"; do
		described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
	done
	_describe -V dalil described
}
compdef _dalil dalil
