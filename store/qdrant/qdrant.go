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

// Options say where the server is, what the collection is called and how it is
// laid out. Zero fields take the defaults.
type Options struct {
	Server
	Alias    string          // name that readers and writers agree on; "": "dalil"
	Pipeline corpus.Pipeline // that the collection is opened for
	Layout   Layout          // of a collection that Create makes
	// Numbers are the metadata keys whose numbers and times are indexed for ranges.
	// Ranges of other keys read the payload of every candidate.
	Numbers []string
	// Effort is hnsw_ef of a search that names none; 0: DefaultEffort.
	Effort int
	// Oversampling is how many times the limit the quantised search gathers
	// before it rescores with full vectors; 0: DefaultOversampling.
	Oversampling float64
	// RefreshVocabulary is how often the term counts of other writers are read;
	// 0: a minute.
	RefreshVocabulary time.Duration
	// Abandoned is how long another process watches a write that is not complete
	// before it removes what that left; 0: 15 minutes.
	Abandoned time.Duration
	// ClockSkew is how far the newest write may lie in the future of this machine's
	// clock; beyond it writes are refused. 0: 5 minutes.
	ClockSkew time.Duration
	Now       func() time.Time // this machine's clock; nil: time.Now
	Log       *slog.Logger     // nil: slog.Default()
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
	target  string // the collection's own name; "": the alias's
	client  *sdk.Client
	reads   *circuit
	writes  *circuit
	clock   clock
	settled confirmed
	seen    *otter.Cache[corpus.ChunkID, *manifest] // as they were read last, by document
	swept   atomic.Int64                            // when marks were last removed from the journal, in microseconds
	wrote   atomic.Bool                             // or was about to: this store looks after what writers leave
	sending *semaphore.Weighted                     // write requests under way
	first   sync.Once                               // question
	asked   chan struct{}                           // is closed by it

	preparing sync.Mutex           // of the next three
	prepared  time.Time            // when prepareWrites last looked
	refusal   error                // why nothing may be written; nil: it may
	watched   map[string]time.Time // open points of the journal, and when this process saw them first

	foreign sync.Once // warns of points of others
	deepest atomic.Int64
	hiding  atomic.Bool // a document was met that is not visible: queries leave such out

	mu         sync.Mutex // of what Create may fill in
	collection string     // "" until it is there
	settings   *store.Settings
	byID       bool // the collection's documents can be listed by their ids

	vocabulary *vocabulary
	closed     atomic.Bool // nothing new begins
	ended      atomic.Bool // no call is made any more
	stop       context.CancelFunc
	background sync.WaitGroup
}

// Open connects and opens the collection that the alias points to. A collection
// built by another pipeline is a corpus.MismatchError; a server that does not
// answer is corpus.ErrUnavailable, one too old corpus.ErrUnsupported. Where the
// alias points nowhere yet, the store is empty until Create.
func Open(ctx context.Context, options Options) (*Store, error) {
	return openTarget(ctx, options, "", false)
}

// OpenReading is Open for a caller that only reads: where nothing was indexed yet
// it is corpus.ErrNotReady.
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

// OpenCollection opens a collection by its own name, past the alias. Where there
// is none it is corpus.ErrMissing.
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
	s.clock.now, s.clock.writer = options.Now, newWriter()
	if err := s.checkVersion(ctx); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return s, nil
}

// adopt reads a collection's settings and takes it as this store's own.
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
	s.mu.Lock()
	first := s.collection == ""
	s.collection, s.settings, s.byID = name, &settings, info.GetConfig().GetMetadata()[orderedKey].GetBoolValue()
	s.mu.Unlock()
	if first && s.vocabulary != nil { // opened while there was none
		if _, err := s.vocabulary.refresh(ctx); err != nil {
			s.options.Log.Warn("term counts could not be read; they are read again within a minute", "error", err)
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

// at returns the collection's name, "" if there is none yet. Another process may
// have made it, so a store without a name asks the server.
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
	name, err := s.find(ctx, how)
	if err != nil || name == "" {
		return "", err
	}
	return name, s.adopt(ctx, how, name)
}

var errClosed = corpus.Errorf(corpus.ErrUnavailable, "the store is closed")

// Collection is the name of the collection in Qdrant; "" before Create.
func (s *Store) Collection() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.collection
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
	// Frequencies only weigh, so a server that is gone is not a reason to fail.
	err := s.vocabulary.flush(ctx)
	if err == nil && s.wrote.Load() {
		err = s.vocabulary.fold(ctx)
	}
	s.ended.Store(true)
	if err != nil {
		s.options.Log.Warn("term counts were not written; they are recounted when they are far off", "error", err)
	}
	return s.client.Close()
}
