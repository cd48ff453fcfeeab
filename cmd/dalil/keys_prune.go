package main

import (
	"fmt"
	"strings"
	"time"

	"dalil/access/keys"
	"dalil/audit"
)

type keysPrune struct {
	Keep time.Duration `default:"720h" help:"How long a key stays in the file after it ended; 0: all ended keys are removed."`
}

// Help is shown below the flags.
func (c *keysPrune) Help() string {
	return "Removes revoked and expired keys. A removed key is refused like one that never existed."
}

// Run removes ended keys.
func (c *keysPrune) Run(g *Globals, s streams) error {
	path, err := g.keyFile(s)
	if err != nil {
		return err
	}
	if c.Keep < 0 {
		return fmt.Errorf("--keep: must be 0 or more, is %s", c.Keep)
	}
	return g.recorded(s, "keys prune", "", func(record *audit.Recorded) error {
		removed, err := keys.Prune(path, time.Now().Add(-c.Keep))
		if err != nil {
			return err
		}
		var all []string
		for _, k := range removed {
			all = append(all, described(k))
		}
		record.Subject(strings.Join(all, "; "))
		for _, k := range removed {
			if _, err := fmt.Fprintf(s.out, "removed key %s of %s\n", k.ID, k.Name); err != nil {
				return err
			}
		}
		return nil
	})
}
