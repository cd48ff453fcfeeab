package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// RepairRequest says what the repair of a data folder may do.
type RepairRequest struct {
	Use        string // the collection to make the current one, or UseNone; "": ask
	AcceptLoss bool   // accept that acknowledged writes are missing
	// Choose asks the user for a collection, and Accept whether to accept missing
	// writes; nil: there is no user to ask.
	Choose func(names []string) (string, error)
	Accept func() (bool, error)
}

// UseNone as a collection's name sets all collections aside.
const UseNone = "none"

// Repair repairs the place of a driver so that it can be opened again. name is the
// store's name in the configuration. It deletes only the remains of unfinished
// rebuilds. It calls say with everything that it found and did.
func Repair(ctx context.Context, d store.Driver, name string, r RepairRequest, say func(line string)) error {
	place, able := d.(store.Repairer)
	if !able {
		return corpus.Errorf(corpus.ErrUnsupported, "--repair is for the embedded store; store.name is %s", name)
	}
	found, problem, err := place.Inspect(ctx)
	if err != nil {
		return err
	}
	if problem != nil {
		say(problem.Error())
	}
	if len(found) > 0 {
		say("collections in " + place.Folder() + ":")
	}
	names := []string{}
	for _, f := range found {
		say("  " + describe(f))
		if f.Problem == nil && !f.Unfinished {
			names = append(names, f.Name)
		}
	}
	if problem != nil || r.Use != "" {
		if err := choose(ctx, place, r, names, say); err != nil {
			return err
		}
	}
	removed, err := place.Clean()
	for _, name := range removed {
		say("removed " + name + ", the remains of an unfinished rebuild")
	}
	if err != nil {
		return err
	}
	return acceptLoss(ctx, place, r, say)
}

// acceptLoss accepts that acknowledged writes are missing, if the user agrees.
func acceptLoss(ctx context.Context, place store.Repairer, r RepairRequest, say func(string)) error {
	found, _, err := place.Inspect(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(found, func(c store.Found) bool { return c.Current && c.Lost != nil })
	if i < 0 {
		return nil
	}
	accept := r.AcceptLoss
	if !accept && r.Accept != nil {
		say(found[i].Lost.Error())
		if accept, err = r.Accept(); err != nil {
			return err
		}
	}
	if !accept {
		return found[i].Lost
	}
	lost, err := place.AcceptLoss(ctx)
	if err == nil {
		say("accepted the loss of " + lost)
	}
	return err
}

func choose(ctx context.Context, place store.Repairer, r RepairRequest, names []string, say func(string)) error {
	name := r.Use
	if name == "" && r.Choose != nil {
		var err error
		if name, err = r.Choose(names); err != nil {
			return err
		}
	}
	switch name {
	case "":
		if len(names) == 0 {
			return corpus.Errorf(corpus.ErrMissing, "no collection in %s can be opened; restore a backup, or start with an empty index: "+
				"\"dalil doctor --repair --use none\" renames the collections and deletes nothing", place.Folder())
		}
		return corpus.Errorf(corpus.ErrMissing, "nothing was changed: choose a collection with --use NAME (%s), or --use none for an empty index",
			strings.Join(names, ", "))
	case UseNone:
		aside, err := place.SetAside()
		if len(aside) > 0 {
			say("set aside: " + strings.Join(aside, ", "))
		}
		return err
	}
	if err := place.Use(ctx, name); err != nil {
		return fmt.Errorf("--use %s: %w", name, err)
	}
	say("current is now " + name)
	return nil
}

func describe(c store.Found) string {
	var b strings.Builder
	b.WriteString(c.Name)
	if c.Current {
		b.WriteString(" (current)")
	}
	if c.Unfinished {
		b.WriteString(" (an unfinished rebuild)")
	}
	if c.Problem != nil {
		return b.String() + ": " + c.Problem.Error()
	}
	fmt.Fprintf(&b, ": %d documents, %.1f MB", c.Documents, float64(c.DiskBytes)/1e6)
	if c.Schema > 0 {
		fmt.Fprintf(&b, ", schema %d", c.Schema)
	}
	if c.Pipeline.Model != "" {
		fmt.Fprintf(&b, ", model %s@%s", c.Pipeline.Model, c.Pipeline.ModelRevision)
	}
	if !c.UpdatedAt.IsZero() {
		fmt.Fprintf(&b, ", last written %s", c.UpdatedAt.Format(time.RFC3339))
	}
	return b.String()
}
