// Package qdrant keeps collections in a Qdrant server or cluster. It is the
// only room that knows the Qdrant SDK. Start with [Open]; layout.go says what
// lies where, put.go how a document is replaced, search.go how an answer stays
// of one revision.
package qdrant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	sdk "github.com/qdrant/go-client/qdrant"
	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/semaphore"

	"dalil/corpus"
	"dalil/store"
)

// Options say where the server is, what the collection is called and how it is
// laid out. Zero fields take the defaults.
type Options struct {
	Server
	Alias    string          // name that readers and writers agree on; "": "dalil"
	Pipeline corpus.Pipeline // that the collection is opened for
	Layout   Layout          // of a collection that Create makes
	// Numbers are the metadata keys whose values may be asked for by range.
	Numbers []string
	// Effort is hnsw_ef of a search that names none; 0: DefaultEffort.
	Effort int
	// Oversampling is how many times the limit the quantised search gathers
	// before it rescores with full vectors; 0: DefaultOversampling.
	Oversampling float64
	// RefreshVocabulary is how often the term counts of other writers are read;
	// 0: a minute.
	RefreshVocabulary time.Duration
	// Abandoned is how long a write may take before others tidy up behind it; 0:
	// 15 minutes.
	Abandoned time.Duration
	Log       *slog.Logger // nil: slog.Default()
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
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Layout = o.Layout.filled()
	return o
}

// Store is one collection, opened for one pipeline.
type Store struct {
	options Options
	target  string // the collection's own name; "": the alias's
	client  *sdk.Client
	reads   *gobreaker.CircuitBreaker[struct{}]
	writes  *gobreaker.CircuitBreaker[struct{}]
	clock   clock
	settled confirmed
	seen    *otter.Cache[corpus.ChunkID, *manifest] // as they were read last, by document
	swept   atomic.Int64                            // when marks were last removed from the journal, in microseconds
	healed  atomic.Int64                            // when this store last tidied up behind others, in microseconds; 0: not yet
	sending *semaphore.Weighted                     // write requests under way
	first   sync.Once                               // question
	asked   chan struct{}                           // is closed by it

	mu         sync.Mutex // of what Create may fill in
	collection string     // "" until it is there
	settings   *store.Settings

	vocabulary *vocabulary
	closed     atomic.Bool
	stop       context.CancelFunc
	background sync.WaitGroup
}

// Open connects and opens the collection that the alias points to. A collection
// built by another pipeline is a corpus.MismatchError; a server that does not
// answer is corpus.ErrUnavailable, one too old corpus.ErrUnsupported. Where the
// alias points nowhere yet, the store is empty until Create.
func Open(ctx context.Context, options Options) (*Store, error) { return open(ctx, options, "") }

// OpenCollection opens a collection by its own name, past the alias.
func OpenCollection(ctx context.Context, options Options, name string) (*Store, error) {
	return open(ctx, options, name)
}

func open(ctx context.Context, options Options, target string) (*Store, error) {
	s, err := connect(ctx, options)
	if err != nil {
		return nil, err
	}
	s.target = target
	if _, err := s.at(ctx); err != nil {
		return nil, errors.Join(err, s.client.Close())
	}
	s.vocabulary = newVocabulary(s)
	if _, err := s.vocabulary.refresh(ctx); err != nil {
		return nil, errors.Join(err, s.client.Close())
	}
	inside, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.background.Go(func() { s.vocabulary.run(inside) })
	s.background.Go(func() { s.warm(inside) })
	return s, nil
}

// seenMost is how many manifests are kept in memory, about 250 bytes each.
const seenMost = 1 << 17

// connect makes a store without a collection.
func connect(ctx context.Context, options Options) (*Store, error) {
	options = options.filled()
	client, err := dial(options.Server)
	if err != nil {
		return nil, err
	}
	s := &Store{options: options, client: client, reads: newCircuit(options.Server), writes: newCircuit(options.Server), asked: make(chan struct{})}
	s.sending = semaphore.NewWeighted(int64(options.Parallel))
	s.seen = otter.Must(&otter.Options[corpus.ChunkID, *manifest]{MaximumSize: seenMost})
	s.clock.writer = newWriter()
	if err := s.checkVersion(ctx); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return s, nil
}

// adopt reads a collection's settings and takes it as this store's own.
func (s *Store) adopt(ctx context.Context, name string) error {
	settings, err := s.readSettings(ctx, name)
	if err != nil {
		return err
	}
	if settings.Pipeline != s.options.Pipeline {
		return &corpus.MismatchError{Held: settings.Pipeline, Wanted: s.options.Pipeline}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.collection, s.settings = name, &settings
	return nil
}

// at returns the collection's name, "" where there is none yet. Another process
// may have made it, so a store that knows none asks.
func (s *Store) at(ctx context.Context) (string, error) {
	if s.closed.Load() {
		return "", errClosed
	}
	s.mu.Lock()
	name := s.collection
	s.mu.Unlock()
	if name != "" {
		return name, ctx.Err()
	}
	name, err := s.find(ctx)
	if err != nil || name == "" {
		return "", err
	}
	return name, s.adopt(ctx, name)
}

// find looks for the collection that this store is to be: the one that it was
// opened for by name, or the alias's. "" where it is not there yet.
func (s *Store) find(ctx context.Context) (name string, err error) {
	if s.target == "" {
		return s.resolve(ctx, s.options.Alias)
	}
	held := false
	err = s.read(ctx, "look for collection "+s.target, func(ctx context.Context) (err error) {
		held, err = s.client.CollectionExists(ctx, s.target)
		return err
	})
	if err != nil || !held {
		return "", err
	}
	return s.target, nil
}

var errClosed = fmt.Errorf("%w: the store is closed", corpus.ErrUnavailable)

// Collection is the name of the collection in Qdrant; "" before Create.
func (s *Store) Collection() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.collection
}

// Ready asks the server whether it answers and the collection whether it takes
// reads and writes.
func (s *Store) Ready(ctx context.Context) error {
	name, err := s.at(ctx)
	if err != nil || name == "" {
		return err
	}
	var info *sdk.CollectionInfo
	err = s.read(ctx, "collection info", func(ctx context.Context) (err error) {
		info, err = s.client.GetCollectionInfo(ctx, name)
		return err
	})
	if err != nil {
		return err
	}
	if info.GetStatus() == sdk.CollectionStatus_Red {
		return fmt.Errorf("%w: collection %s is red: %s", corpus.ErrUnavailable, name, info.GetOptimizerStatus().GetError())
	}
	return nil
}

// Close writes what the vocabulary still holds and ends the connection.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stop()
	s.background.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Timeout)
	defer cancel()
	// Frequencies only weigh, so a server that is gone is no reason to fail.
	ctx = context.WithValue(ctx, closing{}, true)
	err := s.vocabulary.flush(ctx)
	if err == nil && s.healed.Load() != 0 { // it has written
		err = s.vocabulary.fold(ctx)
	}
	if err != nil {
		s.options.Log.Warn("term counts were not written; they are recounted when they are far off", "error", err)
	}
	return s.client.Close()
}
