package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	for line, want := range map[string]string{
		"se":                              "words serve search",
		"comple":                          "words completion",
		"backup ":                         "words create verify",
		"backup create ":                  "files",
		"--data ":                         "dirs",
		"-c ":                             "files",
		"help sea":                        "words search",
		"help backup v":                   "words verify",
		"completion ":                     "words bash zsh fish",
		"completion f":                    "words fish",
		"search --vie":                    "words --view",
		"search --view ":                  "words full snippet ids",
		"search --view = s":               "words snippet", // as bash cuts it
		"search --view =":                 "words full snippet ids",
		"search --view=s":                 "words --view=snippet",
		"search --limit 3 --view i":       "words ids",
		"search --json --view i":          "words ids",
		"search -n ":                      "words",
		"search poverty --vie":            "words --view",
		"search -- --vie":                 "words",
		"--log-level debug search --vie":  "words --view",
		"index --ser":                     "words --server",
		"index a b ":                      "files",
		"search --nothing=":               "words",
		"nothing ":                        "words*", // all commands
		"":                                "words*",
		"reindex ":                        "words*",
		"search --":                       "words*",
		"search --data x --config y --da": "words --data",
	} {
		code, out, errs := dalil(t, "", "", nil, append([]string{"complete", "--"}, strings.Split(line, " ")...)...)
		var words []string
		for l := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t")
			words = append(words, word)
		}
		got := strings.Join(words, " ")
		if prefix, more := strings.CutSuffix(want, "*"); more && strings.HasPrefix(got, prefix) && len(words) > 3 {
			continue
		}
		if code != 0 || got != want {
			t.Errorf("%q: %d, %q, want %q\n%s", line, code, got, want, errs)
		}
	}
}

// Each shell that is here completes lines with the script for it.
func TestCompletionInShells(t *testing.T) {
	program := built(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "some articles.jsonl"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// ask prints the completions of a line whose words stand in "$@".
	for shell, ask := range map[string]string{
		"bash": `source <(dalil completion bash)
complete -p dalil >/dev/null || exit 1
compopt() { :; } # it works only while a line is typed
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_dalil
printf '%s\n' "${COMPREPLY[@]}"`,
		"zsh": `compdef() { [[ $* == "_dalil dalil" ]] || exit 1 }
_describe() { print -rl -- "${(@)described%%:*}" }
_files() { print -rl -- *(N) }
source <(dalil completion zsh)
words=("$@"); CURRENT=$#
_dalil`,
		"fish": `dalil completion fish | source
complete -C "$argv" | string replace -r "\t.*" ""
true`,
	} {
		t.Run(shell, func(t *testing.T) {
			path, err := exec.LookPath(shell)
			if err != nil {
				t.Skip(err)
			}
			for line, want := range map[string][]string{
				"dalil se":             {"search", "serve"},
				"dalil search --vi":    {"--view"},
				"dalil search --view ": {"full", "ids", "snippet"},
				"dalil index so":       {"some articles.jsonl"},
			} {
				args := []string{"-c", ask, shell}
				if shell == "fish" {
					args = []string{"-c", ask, line}
				} else {
					args = append(args, strings.Split(line, " ")...)
				}
				command := exec.CommandContext(t.Context(), path, args...)
				command.Dir = dir
				command.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"), "HOME="+dir)
				out, err := command.CombinedOutput()
				got := strings.Split(strings.TrimSpace(string(out)), "\n")
				slices.Sort(got)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: %v, %q, want %q", line, err, got, want)
				}
			}
		})
	}
}
