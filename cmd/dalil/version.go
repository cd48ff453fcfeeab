package main

import (
	"encoding/json"
	"fmt"

	"dalil/internal/observe"
)

type versionCommand struct {
	JSON bool `help:"Print one JSON object."`
}

func (c *versionCommand) Run(s streams) error {
	b := observe.ReadBuild()
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]string{"version": b.Version, "commit": b.Commit, "go": b.GoVersion})
	}
	_, err := fmt.Fprintln(s.out, versionLine())
	return err
}

func versionLine() string {
	b := observe.ReadBuild()
	return fmt.Sprintf("dalil %s (commit %s, %s)", b.Version, b.Commit, b.GoVersion)
}
