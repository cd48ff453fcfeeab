// Package qdrant keeps collections in a Qdrant server or cluster. It is the
// only package that imports the Qdrant SDK. Start with [Open]. layout.go defines
// the layout of a collection, put.go replaces documents, and search.go keeps an
// answer on one revision of each document.
package qdrant

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	sdk "github.com/qdrant/go-client/qdrant"
	"golang.org/x/sync/semaphore"

	"dalil/corpus"
	"dalil/store"
)

// Options has the server's address, the collection's name and its layout. Zero
// fields have the defaults.
type Options struct {
	Server
	Alias    string          // name of the alias, which readers and writers use; "": "dalil"
	Pipeline corpus.Pipeline // the pipeline that the collection is opened for
	Layout   Layout          // layout of a collection that Create makes
	// Numbers are the metadata keys whose numbers and times are indexed for ranges.
	// Ranges of other keys read the payload of every candidate.
	Numbers []string
	// Effort is hnsw_ef of a search that sets no effort; 0: DefaultEffort.
	Effort int
	// Oversampling is the number of candidates of the quantised search, as a
	// multiple of the limit, that are scored again with full vectors; 0:
	// DefaultOversampling.
	Oversampling float64
	// RefreshVocabulary is how often the term counts of other writers are read;
	// 0: a minute.
	RefreshVocabulary time.Duration
	// Abandoned is how long another process observes an incomplete write before it
	// removes its remains; 0: 15 minutes.
	Abandoned time.Duration
	// ClockSkew is how far the newest write may be in the future of this machine's
	// clock. Beyond it, writes are refused. 0: 5 minutes.
	ClockSkew time.Duration
	// Lease is how long after the alias was read a write is acknowledged without reading it
	// again (lease.go). It must be shorter than the pause of an activation, see
	// [store.Lease] and [store.Pause]. 0: half a second.
	Lease time.Duration
	Now   func() time.Time // this machine's clock; nil: time.Now
	Log   *slog.Logger     // nil: slog.Default()
}

func (o Options) filled() Options {
	o.Server = o.Server.filled()
	if o.Alias == "" {
		o.Alias = "dalil"
	}
	if o.Effort <= 0 {
		o.Effort = DefaultEffort
	}
	if o.Oversampling <= 0 {
		o.Oversampling = DefaultOversampling
	}
	if o.RefreshVocabulary <= 0 {
		o.RefreshVocabulary = time.Minute
	}
	if o.Abandoned <= 0 {
		o.Abandoned = 15 * time.Minute
	}
	if o.ClockSkew <= 0 {
		o.ClockSkew = 5 * time.Minute
	}
	if o.Lease <= 0 {
		o.Lease = 500 * time.Millisecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Layout = o.Layout.filled()
	return o
}

// Store is one collection, opened for one pipeline.
type Store struct {
	options Options
	target  string // the collection's own name; "": the one that the alias points to
	client  *sdk.Client
	reads   *circuit
	writes  *circuit
	clock   clock
	lease   lease
	settled confirmed
	seen    *otter.Cache[corpus.ChunkID, *manifest] // the manifests that were read last, by document
	swept   atomic.Int64                            // when marks were last removed from the journal, in microseconds
	wrote   atomic.Bool                             // it has written or was about to: this store removes the remains of other writers
	sending *semaphore.Weighted                     // number of running write requests
	first   sync.Once                               // question
	asked   chan struct{}                           // is closed by it

	preparing sync.Mutex           // of the next three
	prepared  time.Time            // when prepareWrites last ran
	refusal   error                // why writes are refused; nil: they are not
	watched   map[string]time.Time // open points of the journal, and when this process observed them first

	foreign sync.Once // warns once about points of another program
	deepest atomic.Int64
	// lastAsked is when the last search began whose reading of the journal is known, in
	// microseconds; see caughtUp.
	lastAsked atomic.Int64
	hiding    atomic.Bool // a document was met that is not visible: queries leave such out
	shared    atomic.Bool // a document of a named tenant was met: queries of the tenant without a name leave such out

	mu         sync.Mutex // of what Create may fill in
	collection string     // "" until the collection exists
	settings   *store.Settings
	byID       bool // the collection's documents can be listed by their ids

	vocabularies *vocabularies
	closed       atomic.Bool // no new work begins
	ended        atomic.Bool // no further call is made
	stop         context.CancelFunc
	background   sync.WaitGroup
}

// Open connects and opens the collection that the alias points to. It returns a
// corpus.MismatchError if another pipeline built the collection,
// corpus.ErrUnavailable if the server does not answer, and corpus.ErrUnsupported if
// it is too old. If the alias does not exist yet, the store is empty until Create.
func Open(ctx context.Context, options Options) (*Store, error) {
	return openTarget(ctx, options, "", false)
}

// OpenReading opens like Open, for a caller that only reads. It returns
// corpus.ErrNotReady if nothing has been indexed yet.
func OpenReading(ctx context.Context, options Options) (*Store, error) {
	s, err := Open(ctx, options)
	if err == nil && s.Collection() == "" {
		_, err = s.Settings(ctx)
		err = errors.Join(err, s.Close())
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// OpenCollection opens a collection by its own name instead of the alias. It
// returns corpus.ErrMissing if there is none.
func OpenCollection(ctx context.Context, options Options, name string) (*Store, error) {
	return openTarget(ctx, options, name, true)
}

func openTarget(ctx context.Context, options Options, target string, held bool) (*Store, error) {
	s, err := connect(ctx, options)
	if err != nil {
		return nil, err
	}
	s.target = target
	name, err := s.at(ctx, s.asking())
	if err == nil && name == "" && held {
		err = missing(target)
	}
	if err != nil {
		return nil, errors.Join(err, s.client.Close())
	}
	s.vocabularies = newVocabularies(s)
	if _, err := s.vocabularies.of("").refresh(ctx); err != nil {
		return nil, errors.Join(err, s.client.Close())
	}
	inside, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.background.Go(func() { s.vocabularies.run(inside) })
	s.background.Go(func() { s.warm(inside) })
	return s, nil
}

// seenMost is the largest number of manifests in memory, about 250 bytes each.
const seenMost = 1 << 17

// connect returns a store that has no collection yet.
func connect(ctx context.Context, options Options) (*Store, error) {
	options = options.filled()
	client, err := dial(options.Server)
	if err != nil {
		return nil, err
	}
	s := &Store{options: options, client: client, reads: newCircuit(options.Server), writes: newCircuit(options.Server), asked: make(chan struct{})}
	s.sending = semaphore.NewWeighted(int64(options.Parallel))
	s.seen = otter.Must(&otter.Options[corpus.ChunkID, *manifest]{MaximumSize: seenMost})
	s.clock.now, s.clock.writer = options.Now, newWriter()
	if err := s.checkVersion(ctx); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return s, nil
}

// adopt reads a collection's settings and makes it this store's collection.
func (s *Store) adopt(ctx context.Context, how retry, name string) error {
	info, err := s.info(ctx, how, name)
	if err != nil {
		return err
	}
	settings, err := decodeSettings(name, info)
	if errors.Is(err, errForeign) && s.target == "" {
		return s.foreignAlias(name)
	}
	if err != nil {
		return err
	}
	if settings.Pipeline != s.options.Pipeline {
		return &corpus.MismatchError{Held: settings.Pipeline, Wanted: s.options.Pipeline}
	}
	if err := checkVectors(name, info, settings.Pipeline.Dimensions); err != nil {
		return err
	}
	s.noteTenants(info)
	s.ensureAccess(ctx, name, info)
	s.mu.Lock()
	first := s.collection == ""
	s.collection, s.settings, s.byID = name, &settings, info.GetConfig().GetMetadata()[orderedKey].GetBoolValue()
	s.mu.Unlock()
	if first && s.vocabularies != nil { // opened before the collection existed
		if _, err := s.vocabularies.of("").refresh(ctx); err != nil {
			s.options.Log.Warn("term counts could not be read; the next try is within a minute", "error", err)
		}
	}
	return nil
}

// ordered reports whether the collection's documents can be listed by their ids.
func (s *Store) ordered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID
}

// at returns the collection's name, or "" if there is none yet. Another process may
// have created it, so a store without a name reads it from the server.
func (s *Store) at(ctx context.Context, how retry) (string, error) {
	if s.closed.Load() {
		return "", errClosed
	}
	s.mu.Lock()
	name := s.collection
	s.mu.Unlock()
	if name != "" {
		return name, ctx.Err()
	}
	from := time.Now()
	name, err := s.find(ctx, how)
	if err != nil || name == "" {
		return "", err
	}
	if err := s.adopt(ctx, how, name); err != nil {
		return name, err
	}
	s.lease.renew(from)
	return name, nil
}

var errClosed = corpus.Errorf(corpus.ErrUnavailable, "the store is closed")

// Collection returns the name of the collection in Qdrant, or "" before Create.
func (s *Store) Collection() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.collection
}

// Close writes the term counts that are not stored yet, and closes the connection.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stop()
	s.background.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Timeout)
	defer cancel()
	// Frequencies only affect weights, so a server that does not answer is no reason to fail.
	err := s.vocabularies.flush(ctx)
	if err == nil && s.wrote.Load() {
		err = s.vocabularies.fold(ctx)
	}
	s.ended.Store(true)
	if err != nil {
		s.options.Log.Warn("term counts were not written; they are counted again if they are far off", "error", err)
	}
	return s.client.Close()
}
