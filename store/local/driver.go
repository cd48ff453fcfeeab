package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"dalil/corpus"
	"dalil/store"
)

// Driver opens the store of one data folder.
type Driver struct {
	dir string
	log *slog.Logger
}

var (
	_ store.Driver        = (*Driver)(nil)
	_ store.DamagedOpener = (*Driver)(nil)
	_ store.EmptyOpener   = (*Driver)(nil)
	_ store.DiskUser      = (*Driver)(nil)
	_ store.Repairer      = (*Driver)(nil)

	_ store.Swapper          = (*Store)(nil)
	_ store.IntegrityChecker = (*Store)(nil)
	_ store.Salvager         = (*Store)(nil)
	_ store.EntryReader      = (*Store)(nil)
	_ store.SchemaKeeper     = (*Store)(nil)
)

// NewDriver returns the driver of a data folder. It logs migrations; log may be
// nil.
func NewDriver(dir string, log *slog.Logger) *Driver {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Driver{dir, log}
}

// opened prevents a nil *Store from becoming an interface that is not nil.
func opened(s *Store, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Open opens the current collection, or creates the first one.
func (d *Driver) Open(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return opened(Open(ctx, Options{Dir: d.dir, Pipeline: p, Migrated: d.migrated, MergeFailed: d.mergeFailed}))
}

func (d *Driver) migrated(m Migration) {
	d.log.Info("migrating the data folder to a newer schema version", "folder", d.dir, "step", m.Name, "schema", m.Version, "took", m.Duration)
}

func (d *Driver) mergeFailed(err error) {
	d.log.Error("segments of the index cannot be merged; searches go on, but become slower until this is corrected", "folder", d.dir, "error", err.Error())
}

// OpenReading opens the current collection for reading. It creates no folder.
func (d *Driver) OpenReading(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return opened(Open(ctx, Options{Dir: d.dir, Pipeline: p, ReadOnly: true}))
}

// OpenHeld opens the current collection for reading, whatever pipeline built it.
func (d *Driver) OpenHeld(ctx context.Context) (store.Store, error) {
	settings, err := Peek(ctx, d.dir)
	if err != nil {
		return nil, err
	}
	return d.OpenReading(ctx, settings.Pipeline)
}

// OpenDamaged opens what can be read of the current collection.
func (d *Driver) OpenDamaged(ctx context.Context) (store.Store, error) {
	return opened(OpenDamaged(ctx, d.dir))
}

// OpenEmpty begins the first collection of an empty folder. Swap makes it the
// current one.
func (d *Driver) OpenEmpty(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	if _, err := Peek(ctx, d.dir); err == nil {
		return nil, corpus.Refused("the data folder %s already has a collection; restore into an empty folder", d.dir)
	} else if !errors.Is(err, corpus.ErrNotReady) {
		return nil, err
	}
	return d.Rebuild(ctx, p, false)
}

// Held returns the pipeline that built the current collection, also while another
// process has it open.
func (d *Driver) Held(ctx context.Context) (corpus.Pipeline, error) {
	settings, err := Peek(ctx, d.dir)
	return settings.Pipeline, err
}

// Rebuild begins a new collection. It never continues an earlier one.
func (d *Driver) Rebuild(ctx context.Context, p corpus.Pipeline, _ bool) (store.Store, error) {
	return opened(Rebuild(ctx, Options{Dir: d.dir, Pipeline: p}))
}

// Scratch returns the driver of a temporary folder.
func (d *Driver) Scratch() (store.Driver, func(context.Context) error, error) {
	dir, err := os.MkdirTemp("", "dalil-scratch-*")
	if err != nil {
		return nil, nil, fmt.Errorf("create a temporary folder: %w", err)
	}
	return NewDriver(dir, d.log), func(context.Context) error { return os.RemoveAll(dir) }, nil
}

// Folder returns the data folder.
func (d *Driver) Folder() string { return d.dir }

// Disk returns the free bytes and the size of the data folder's disk.
func (d *Driver) Disk() (free, size uint64, err error) { return diskSpace(d.dir) }

// Inspect lists the collections of the data folder.
func (d *Driver) Inspect(ctx context.Context) (found []store.Found, problem, err error) {
	return Inspect(ctx, d.dir)
}

// Use makes a collection of the data folder the current one.
func (d *Driver) Use(ctx context.Context, name string) error { return Use(ctx, d.dir, name) }

// SetAside renames every collection of the data folder.
func (d *Driver) SetAside() ([]string, error) { return SetAside(d.dir) }

// Clean deletes the remains of unfinished rebuilds in the data folder.
func (d *Driver) Clean() ([]string, error) { return Clean(d.dir) }

// AcceptLoss accepts that acknowledged writes are missing.
func (d *Driver) AcceptLoss(ctx context.Context) (lost string, err error) {
	return AcceptLoss(ctx, d.dir)
}

// Swap makes a collection that Rebuild opened the current one.
func (s *Store) Swap(ctx context.Context, keep bool) (kept string, err error) {
	if keep {
		return s.ActivateKeeping(ctx)
	}
	return "", s.Activate(ctx)
}

// Replaced opens the collection that this one will replace.
func (s *Store) Replaced(ctx context.Context, salvage bool) (store.Store, error) {
	return opened(s.before(ctx, salvage))
}
