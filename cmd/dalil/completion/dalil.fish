# Completion of dalil for fish: dalil completion fish | source
function __dalil_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l lines ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
	switch "$lines[1]"
		case files
			__fish_complete_path "$current"
		case dirs
			__fish_complete_directories "$current"
		case '*'
			printf '%s\n' $lines[2..]
	end
end
complete -c dalil -f -a '(__dalil_complete)'
