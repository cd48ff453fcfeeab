package main

import (
	_ "embed"
	"fmt"
)

// The scripts ask "dalil complete" for what may follow, so they stay the same when
// commands and flags change.
var (
	//go:embed completion/dalil.bash
	bashCompletion string
	//go:embed completion/dalil.zsh
	zshCompletion string
	//go:embed completion/dalil.fish
	fishCompletion string
)

// completionCommand prints the script that a shell needs to complete command lines.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

// Help is shown below the flags.
func (c *completionCommand) Help() string {
	return `Turn it on with a line in the file that your shell reads at its start:

  ~/.bashrc                    source <(dalil completion bash)
  ~/.zshrc, after compinit     source <(dalil completion zsh)
  ~/.config/fish/config.fish   dalil completion fish | source`
}

// Run prints the script.
func (c *completionCommand) Run(s streams) error {
	_, err := fmt.Fprint(s.out, map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[c.Shell])
	return err
}
