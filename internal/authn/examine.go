package authn

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"dalil/access/files"
	"dalil/access/jwt"
	"dalil/access/keys"
	"dalil/internal/config"
	"dalil/internal/doctor"
)

// Examined returns what the doctor examines of the configured access.
func Examined(c config.Access) (a doctor.Access) {
	if c.Keys != "" {
		a.Keys = func() (doctor.Keys, error) { return examineKeys(c.Keys) }
	}
	if c.JWT.On() {
		a.KeySet = func(ctx context.Context) (string, error) {
			return c.JWT.KeySet, named(jwt.Check(ctx, Options{Log: slog.New(slog.DiscardHandler)}.tokens(c.JWT)))
		}
	}
	return a
}

func examineKeys(path string) (doctor.Keys, error) {
	found := doctor.Keys{Path: path}
	all, err := keys.Read(path)
	if err != nil {
		return found, err
	}
	rights, err := files.RightsOf(path)
	if err != nil {
		return found, err
	}
	found.Readable = rights.Read
	switch {
	case rights.Write:
		found.Open = rights.At
	case rights.Group:
		found.Grouped = rights.At
	}
	for _, k := range all {
		if k.State(time.Now()) != keys.Live {
			continue
		}
		found.Live++
		if k.Expires != nil && k.ReplacedBy == "" {
			found.Ending = append(found.Ending, doctor.Ending{Name: k.Name, At: *k.Expires})
		}
	}
	slices.SortFunc(found.Ending, func(a, b doctor.Ending) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name)) })
	return found, nil
}
