package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dalil/access/keys"
	"dalil/audit"
)

type keysList struct {
	JSON bool `help:"Print one JSON object with all fields."`
}

// Help is shown below the flags.
func (c *keysList) Help() string {
	return "Prints one key a line: id, name, state (live, expired, revoked), scopes, tenant, when it was made, when it ends. A - stands for what a key does not have."
}

// keyShown is a key as --json prints it: without its hash, and with its state.
type keyShown struct {
	keys.Key
	SHA256 string `json:"sha256,omitempty"` // hides that of the key
	State  string `json:"state"`
}

// Run prints the keys.
func (c *keysList) Run(g *Globals, s streams) error {
	path, err := g.keyFile(s)
	if err != nil {
		return err
	}
	all, err := keys.Read(path)
	if err != nil {
		return err
	}
	now := time.Now()
	if c.JSON {
		list := make([]keyShown, len(all))
		for i, k := range all {
			list[i] = keyShown{Key: *k, State: k.State(now)}
		}
		return json.NewEncoder(s.out).Encode(map[string]any{"keys": list})
	}
	table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	for _, k := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.State(now), strings.Join(k.Scopes, ","), dash(k.Tenant), day(&k.Created), day(k.Expires))
	}
	return table.Flush()
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func day(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format("2006-01-02T15:04Z")
}

type keysRevoke struct {
	Key string `arg:"" help:"The id or the name of the key. A whole key stands for its id; but other users can read the arguments of a process."`
}

// Help is shown below the flags.
func (c *keysRevoke) Help() string {
	return "A name ends all live keys with this name. A running server refuses them within seconds."
}

// Run ends a key.
func (c *keysRevoke) Run(g *Globals, s streams) error {
	path, err := g.keyFile(s)
	if err != nil {
		return err
	}
	return g.recorded(s, "keys revoke", "", func(record *audit.Recorded) error {
		warnOfKey(s, c.Key)
		revoked, err := keys.Revoke(path, c.Key, time.Now())
		if err != nil {
			return err
		}
		var all []string
		for _, k := range revoked {
			all = append(all, described(k))
		}
		record.Subject(strings.Join(all, "; "))
		for _, k := range revoked {
			if _, err := fmt.Fprintf(s.out, "revoked key %s of %s\n", k.ID, k.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// warnOfKey says that a key was given where its id is meant.
func warnOfKey(s streams, text string) {
	if id, is := keys.IDOf(text); is {
		fmt.Fprintf(s.err, "the whole key %s was an argument, which other users of this machine can read; its id is enough\n", id)
	}
}

type keysRotate struct {
	Key     string        `arg:"" help:"The id or the name of the key."`
	Grace   time.Duration `default:"24h" help:"How long the replaced key stays valid; 0: it ends now."`
	Expires string        `placeholder:"TIME" help:"When the new key ends, as for \"dalil keys create\" (default: it lives as long as the replaced one was to live)."`
}

// Help is shown below the flags.
func (c *keysRotate) Help() string {
	return "The new key has the settings of the replaced one. It is printed alone on a line, and nothing else on standard output."
}

// Run replaces a key.
func (c *keysRotate) Run(g *Globals, s streams) error {
	path, err := g.keyFile(s)
	if err != nil {
		return err
	}
	now := time.Now()
	until, err := expiry(c.Expires, now)
	if err != nil {
		return err
	}
	return g.recorded(s, "keys rotate", "", func(record *audit.Recorded) error {
		warnOfKey(s, c.Key)
		old, next, text, err := keys.Rotate(path, c.Key, c.Grace, until, now)
		if err != nil {
			return flagged(err)
		}
		record.Subject(described(next) + ", in place of " + old.ID)
		if err := printKey(s, path, next, text); err != nil {
			return err
		}
		ended := ends(old.Expires)
		if old.Revoked != nil {
			ended = "revoked"
		}
		_, err = fmt.Fprintf(s.err, "the replaced key %s is %s\n", old.ID, strings.Replace(ended, "until", "valid until", 1))
		return err
	})
}
