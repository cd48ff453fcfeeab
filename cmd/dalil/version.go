package main

import (
	"fmt"

	"dalil/internal/observe"
	dalilv1 "dalil/proto/dalil/v1"
)

type versionCommand struct {
	JSON bool `help:"Print one JSON object."`
}

func (c *versionCommand) Run(s streams) error {
	b := observe.ReadBuild()
	if c.JSON {
		return printJSON(s.out, &dalilv1.Build{Version: b.Version, Commit: b.Commit, GoVersion: b.GoVersion})
	}
	_, err := fmt.Fprintln(s.out, versionLine())
	return err
}

func versionLine() string {
	b := observe.ReadBuild()
	return fmt.Sprintf("dalil %s (commit %s, %s)", b.Version, b.Commit, b.GoVersion)
}
