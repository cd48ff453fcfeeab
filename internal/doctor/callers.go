package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// soon is how long before the end of a key the doctor warns of it.
const soon = 14 * 24 * time.Hour

// Keys is what a file of API keys has.
type Keys struct {
	Path     string
	Open     string // the file or its folder if other users of the machine can change it; "": they cannot
	Grouped  string // the same of the members of its group
	Readable bool   // other users of the machine can read the file
	Live     int
	Ending   []Ending // live keys that end, in the order of their ends
}

// Ending is the name of a key and when it ends.
type Ending struct {
	Name string
	At   time.Time
}

// Access reads what callers are known by. A function is nil if its setting is empty.
type Access struct {
	Keys   func() (Keys, error)                  // reads the file of API keys
	KeySet func(context.Context) (string, error) // reads the issuer's keys, and returns where they are
}

// callers checks the file of the API keys and the issuer's keys.
func callers(ctx context.Context, x *examination) {
	if x.Access.Keys != nil {
		x.keys()
	}
	if x.Access.KeySet == nil {
		return
	}
	if at, err := x.Access.KeySet(ctx); err != nil {
		x.fail("key set", "check access.jwt.jwks, and that this machine can reach it; until it is read, tokens are refused", err)
	} else {
		x.ok("key set", "%s has keys for signatures", at)
	}
}

func (x *examination) keys() {
	k, err := x.Access.Keys()
	if err != nil {
		x.fail("API keys", "repair the file of access.keys or restore it; a running server uses the keys that it read before, and a new one does not start", err)
		return
	}
	switch {
	case k.Open != "":
		x.fail("API keys", "chmod o-w "+k.Open+", and look for keys that you did not make: dalil keys list", fmt.Errorf("other users of this machine can change %s, so they can make keys with every scope", k.Open))
	case k.Grouped != "":
		x.warn("API keys", "chmod g-w "+k.Grouped+", unless every member of the group may make keys", "the group of %s can change it, so its members can make keys with every scope", k.Grouped)
	case k.Readable:
		x.warn("API keys", "chmod 600 "+k.Path, "other users of this machine can read %s; it has no secrets, but names callers and tenants", k.Path)
	}
	var names []string
	for _, e := range k.Ending {
		if time.Until(e.At) < soon {
			names = append(names, fmt.Sprintf("%s (%s)", e.Name, e.At.UTC().Format(time.RFC3339)))
		}
	}
	if len(names) > 0 {
		x.warn("API keys", "dalil keys rotate NAME makes a key that replaces one", "keys end within %d days: %s", int(soon.Hours()/24), strings.Join(names, ", "))
	}
	switch {
	case k.Live == 0:
		x.warn("API keys", "dalil keys create makes a key", "no key in %s is live, so every call with a key is refused", k.Path)
	case k.Open == "" && k.Grouped == "" && !k.Readable && len(names) == 0:
		x.ok("API keys", "%s has %d live keys", k.Path, k.Live)
	}
}

// Callers returns the findings about callers alone.
func Callers(ctx context.Context, a Access) []Finding {
	x := &examination{Deps: Deps{Access: a}}
	callers(ctx, x)
	return x.findings
}
