// Package storetest has the conformance tests of package store. Every store and
// every wrapper of one runs them. Start with [Run].
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Harness is one place where a collection can lie: a folder, a name in a
// cluster. It is empty when the test gets it.
type Harness struct {
	// Open opens the collection. The first call makes it; after Close, a later
	// call finds what was there. Errors are the store's own.
	Open func(ctx context.Context, pipeline corpus.Pipeline) (store.Store, error)
	// Settle waits until a vocabulary that lags has caught up; nil: none does.
	Settle func(ctx context.Context, s store.Store) error
	// Forgets says that closing empties the collection, as a store in memory
	// may; the laws about reopening are then left out.
	Forgets bool
	// CountsGone says that the inverse document frequencies of sparse scores may
	// count passages that were replaced or deleted, until the store cleans up. The
	// laws then allow any count between what lives and what was ever written.
	CountsGone bool
	// Clock is the store's clock. It is set forward by up to a few minutes.
	Clock *Clock
	// Steps of the model test; 0: 2,000.
	Steps int

	restricted bool // the caller does not see all documents
}

// Dimensions of the vectors in the suite.
const Dimensions = 24

// Pipeline is the one that the suite opens collections for.
func Pipeline() corpus.Pipeline {
	return corpus.Pipeline{Model: "suite", ModelRevision: "1", Dimensions: Dimensions, Analyzer: "suite/1", Chunker: "suite/1"}
}

// Settings are what the suite creates collections with.
func Settings() store.Settings {
	return store.Settings{
		Pipeline: Pipeline(), AverageLength: 42.5, Probes: []corpus.Vector{unit(1), unit(2)},
		CreatedAt: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
	}
}

// Run proves the laws, each in a collection of its own that open provides.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	laws := []struct {
		name string
		law  func(*collection)
	}{
		{"an empty store answers", emptyStore},
		{"create: the first wins", createFirstWins},
		{"put before create is refused", putBeforeCreate},
		{"what was put comes back", roundTrip},
		{"chunks come in the order asked", chunksInOrder},
		{"put replaces all of a document", putReplaces},
		{"a later entry of one put wins", putTwiceInOne},
		{"a document without points is listed", documentWithoutPoints},
		{"delete twice", deleteTwice},
		{"bad points are refused whole", badPoints},
		{"bad arms are refused", badArms},
		{"dense order, limits, thresholds", denseOrder},
		{"ties break by id", ties},
		{"a dense arm finds what brute force finds", denseRecall},
		{"sparse scores are idf × weights", sparseScores},
		{"frequencies count what lives", liveFrequencies},
		{"a sparse vector without dimensions finds nothing", emptySparse},
		{"ids restrict scoring", restrictedToIDs},
		{"many arms, one answer each", manyArms},
		{"arms score what other arms find", unions},
		{"filters mean what corpus says", filters},
		{"listing and fingerprints", listing},
		{"listing under writes", listingUnderWrites},
		{"entries are everything", entries},
		{"profiles are those of the passages", profiles},
		{"traits are those of the passages", traits},
		{"stats count", stats},
		{"a cancelled context ends a call", cancelled},
		{"writes are read at once", readYourWrites},
		{"a reader sees one revision", oneRevision},
		{"many writers and readers", concurrent},
		{"many writers of one document", contested},
		{"a closed store refuses", closed},
		{"reopening keeps everything", reopening},
		{"another pipeline is refused", otherPipeline},
		{"the caller's memory stays the caller's", aliasing},
		{"hostile strings", hostileStrings},
		{"documents are found while they are visible", lifetimes},
		{"hidden passages do not crowd others out", hiddenDoNotCrowd},
		{"several remove what has expired", expiryByMany},
		{"etags name the content", etags},
		{"conditions are checked with the write", conditions},
		{"source versions only rise", sourceVersions},
		{"one of several with one condition wins", contestedConditions},
		{"the newest source version wins", contestedVersions},
		{"an edit keeps the passages", edits},
		{"an edit changes when a document is found", editsOfLife},
		{"edits have one winner, and readers see one version", contestedEdits},
		{"marks name states", marks},
		{"a model in a map", model},
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			c := &collection{T: t, harness: open(t), ctx: t.Context()}
			if c.harness.CountsGone {
				c.gone = &written{}
			}
			c.reopen()
			defer func() {
				if err := c.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			l.law(c)
		})
	}
}

// collection is an open store under test.
type collection struct {
	*testing.T
	store.Store
	harness Harness
	ctx     context.Context
	gone    *written // nil: frequencies count what lives
}

func (c *collection) reopen() {
	c.Helper()
	if c.Store != nil {
		if err := c.Close(); err != nil {
			c.Fatalf("close: %v", err)
		}
	}
	s, err := c.harness.Open(c.ctx, Pipeline())
	if err != nil {
		c.Fatalf("open: %v", err)
	}
	c.Store = &kinded{s, c.T}
}

// create fixes the settings; most laws begin with it.
func (c *collection) create() {
	c.Helper()
	if _, err := c.Create(c.ctx, Settings()); err != nil {
		c.Fatalf("create: %v", err)
	}
}

func (c *collection) put(entries ...store.Entry) {
	c.Helper()
	if c.gone != nil {
		c.gone.add(entries)
	}
	if err := c.Put(c.ctx, entries); err != nil {
		c.Fatalf("put: %v", err)
	}
}

func (c *collection) delete(ids ...string) {
	c.Helper()
	if err := c.Delete(c.ctx, ids); err != nil {
		c.Fatalf("delete %q: %v", ids, err)
	}
}

func (c *collection) search(arm store.ArmQuery) []store.Hit {
	c.Helper()
	found, err := c.Search(c.ctx, []store.ArmQuery{arm})
	if err != nil {
		c.Fatalf("search: %v", err)
	}
	if len(found) != 1 {
		c.Fatalf("one arm was answered by %d lists", len(found))
	}
	return found[0]
}

func (c *collection) chunks(with store.Fields, ids ...corpus.ChunkID) []store.Point {
	c.Helper()
	points, err := c.Chunks(c.ctx, ids, with)
	if err != nil {
		c.Fatalf("chunks: %v", err)
	}
	return points
}

func (c *collection) settle() {
	c.Helper()
	if c.harness.Settle == nil {
		return
	}
	if err := c.harness.Settle(c.ctx, c.Store.(*kinded).Store); err != nil {
		c.Fatalf("settle: %v", err)
	}
}

// everything asks for all passages that match a filter.
func everything(filter corpus.Filter) store.ArmQuery {
	return store.ArmQuery{Dense: unit(1), Limit: 10_000, Filter: filter}
}

// described names a hit in failures.
func described(hits []store.Hit) []string {
	lines := make([]string, len(hits))
	for i, h := range hits {
		lines[i] = fmt.Sprintf("%s %s@%s %.6f", h.ID, h.DocumentID, h.Revision, h.Score)
	}
	return lines
}
