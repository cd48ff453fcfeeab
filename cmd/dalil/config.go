package main

import (
	"encoding/json"
	"fmt"

	"dalil/internal/config"
)

type configCommand struct {
	JSON bool `help:"Print one JSON object of keys and values."`
}

func (c *configCommand) Run(g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	if !c.JSON {
		_, err = fmt.Fprint(s.out, config.YAML(settings))
		return err
	}
	values := map[string]string{}
	for _, l := range config.Leaves(settings) {
		values[l.Key] = fmt.Sprint(l.Value)
	}
	return json.NewEncoder(s.out).Encode(values)
}
