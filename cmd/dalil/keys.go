package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dalil/access/keys"
	"dalil/audit"
	"dalil/corpus"
)

// keysCommand has the commands about API keys.
type keysCommand struct {
	Create keysCreate `cmd:"" help:"Make a key and print it once."`
	List   keysList   `cmd:"" help:"List the keys. Their secrets are not kept."`
	Revoke keysRevoke `cmd:"" help:"End a key now."`
	Rotate keysRotate `cmd:"" help:"Make a key that replaces another one, and print it once."`
	Prune  keysPrune  `cmd:"" help:"Remove keys that have ended from the file."`
}

// Help is shown below the flags.
func (c *keysCommand) Help() string {
	return "The keys are in the file of the setting access.keys (--keys). A server that has the setting asks for a key on every call, and reads the file again within seconds after it changes. docs/security.md describes the file."
}

// keyFile returns the file of the keys.
func (g *Globals) keyFile(s streams) (string, error) {
	settings, err := g.load(s)
	if err != nil {
		return "", err
	}
	if settings.Access.Keys == "" {
		return "", errors.New("there is no file of keys: give --keys FILE, or set access.keys in the configuration")
	}
	return settings.Access.Keys, nil
}

type keysCreate struct {
	Name      string   `required:"" placeholder:"NAME" help:"Name of the caller, for lists and logs: letters, digits and . _ @ -"`
	Scope     []string `required:"" placeholder:"SCOPE,..." help:"What the caller may do: search (every call that reads), write (every call that writes documents), admin (everything), metrics (the metrics of the admin port)."`
	Tenant    string   `placeholder:"TENANT" help:"Whose documents the caller sees (default: the tenant without a name)."`
	Group     []string `placeholder:"GROUP" sep:"none" help:"The caller sees documents for this group, besides those for everyone. May be repeated."`
	AllGroups bool     `help:"The caller sees documents for any group, as with the scope admin. A program that indexes documents with groups needs it, because nobody can replace or delete a document that they do not see."`
	Filter    string   `placeholder:"JSON" help:"The caller sees and writes only documents that this filter keeps, in the JSON form of the API: {\"in\": {\"field\": \"SOURCE\", \"values\": [\"wire\"]}}."`
	Expires   string   `placeholder:"TIME" help:"When the key ends: a time from now, such as 90d, 12w or 36h, or a date or time of RFC 3339, in UTC (default: never)."`
	Requests  float64  `name:"requests-per-second" placeholder:"N" help:"Largest number of calls a second (default: no limit of its own)."`
	Tokens    float64  `name:"tokens-per-second" placeholder:"N" help:"Largest number of embedded tokens a second (default: no limit of its own)."`
	Streams   int      `placeholder:"N" help:"Largest number of streams at once (default: no limit of its own)."`
}

// Help is shown below the flags.
func (c *keysCreate) Help() string {
	return "Prints the key alone on a line, and nothing else on standard output. It is not kept and cannot be printed again. The file is made if it does not exist."
}

// Run makes a key.
func (c *keysCreate) Run(g *Globals, s streams) error {
	path, err := g.keyFile(s)
	if err != nil {
		return err
	}
	now := time.Now()
	k := keys.Key{
		Name: c.Name, Scopes: c.Scope, Tenant: c.Tenant, Groups: c.Group, AllGroups: c.AllGroups,
	}
	if c.Filter != "" {
		k.Filter = json.RawMessage(c.Filter)
	}
	if c.Requests != 0 || c.Tokens != 0 || c.Streams != 0 {
		k.Rates = &keys.Rates{Requests: c.Requests, Tokens: c.Tokens, Streams: c.Streams}
	}
	if k.Expires, err = expiry(c.Expires, now); err != nil {
		return err
	}
	return g.recorded(s, "keys create", "", func(record *audit.Recorded) error {
		made, text, err := keys.Create(path, k, now)
		if err != nil {
			return flagged(err)
		}
		record.Subject(described(made))
		return printKey(s, path, made, text)
	})
}

// printKey prints the text of a new key, and what it is. A key that nobody saw is
// revoked.
func printKey(s streams, path string, k keys.Key, text string) error {
	signal.Ignore(syscall.SIGPIPE) // writing to a closed pipe is then an error, and does not end the process
	if _, err := fmt.Fprintln(s.out, text); err != nil {
		if _, revoking := keys.Revoke(path, k.ID, time.Now()); revoking != nil {
			return fmt.Errorf("the key %s could not be printed: %w; revoke it: %w", k.ID, err, revoking)
		}
		return fmt.Errorf("the key could not be printed, so it was revoked: %w", err)
	}
	_, err := fmt.Fprintf(s.err, "key %s for %s, %s, %s; keep it now, because it cannot be printed again\n", k.ID, k.Name, strings.Join(k.Scopes, ","), ends(k.Expires))
	return err
}

func ends(at *time.Time) string {
	if at == nil {
		return "without an end"
	}
	return "until " + at.UTC().Format(time.RFC3339)
}

// days matches what time.ParseDuration does not read.
var days = regexp.MustCompile(`^(\d{1,6})([dw])$`)

// expiry reads a time from now, a date or a time. It returns nil for no end.
func expiry(text string, now time.Time) (*time.Time, error) {
	if text == "" || text == "never" {
		return nil, nil
	}
	wrong := fmt.Errorf("--expires: must be a time from now, such as 90d, 12w or 36h, or a date or time of RFC 3339; is %q", text)
	var at time.Time
	if found := days.FindStringSubmatch(text); found != nil {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			return nil, wrong
		}
		if found[2] == "w" {
			n *= 7
		}
		at = now.AddDate(0, 0, n)
	} else if d, err := time.ParseDuration(text); err == nil {
		at = now.Add(d)
	} else if at, err = time.Parse(time.RFC3339, text); err != nil {
		if at, err = time.Parse(time.DateOnly, text); err != nil {
			return nil, wrong
		}
	}
	if at.Year() > 9999 {
		return nil, wrong
	}
	at = at.UTC().Truncate(time.Second)
	return &at, nil
}

// flags of the fields of a key.
var keyFlags = map[string]string{
	"name": "--name", "scopes": "--scope", "tenant": "--tenant", "groups": "--group", "filter": "--filter", "expires": "--expires", "grace": "--grace",
	"rates": "--", "key": "KEY",
}

// flagged gives the fields of an error the names of their flags.
func flagged(err error) error {
	var invalid *corpus.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	var parts []string
	for _, v := range invalid.Violations {
		field, rest, _ := strings.Cut(v.Field, ".")
		field, _, _ = strings.Cut(field, "[")
		name, known := keyFlags[field]
		switch {
		case !known:
			name = v.Field
		case name == "--":
			name += strings.ReplaceAll(rest, "_", "-")
		case rest != "":
			name += ": " + v.Field
		}
		parts = append(parts, name+": "+v.Description)
	}
	return errors.New(strings.Join(parts, "; "))
}
