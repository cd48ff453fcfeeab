package searcher_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
	"dalil/store/local"
)

// rewritten changes a document between a search and the reads that follow it, as
// long as changes are left.
type rewritten struct {
	*local.Store
	change   func()
	left     int
	searched bool // since the last change
	searches int
}

func (r *rewritten) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	found, err := r.Store.Search(ctx, arms)
	if !r.searched {
		r.searches++
	}
	r.searched = true
	return found, err
}

func (r *rewritten) meddle() {
	if r.searched && r.left > 0 {
		r.left--
		r.change()
	}
	r.searched = false
}

func (r *rewritten) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	r.meddle()
	return r.Store.Chunks(ctx, ids, with)
}

func (r *rewritten) Profiles(ctx context.Context, ids []corpus.ChunkID, into *store.Profiles) error {
	r.meddle()
	return r.Store.Profiles(ctx, ids, into)
}

var versions = [][]string{
	{"The robot of Quxland has parts of tin. ", "Its arms are long. "},
	{"The robot of Quxland has parts of copper. ", "Its legs are short. "},
}

func rewriting(t *testing.T, changes int) (fixture, *rewritten) {
	t.Helper()
	f := newFixture(t, nature)
	f.put(t, "robot", "0", versions[0])
	n := 0
	r := &rewritten{Store: f.store, left: changes}
	r.change = func() {
		n++
		f.put(t, "robot", []string{"0", "1"}[n%2], versions[n%2])
	}
	f.deps.Store = r
	return f, r
}

func TestADocumentThatIsRewrittenStaysInTheAnswer(t *testing.T) {
	only := corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{"robot"}}}
	for name, q := range map[string]corpus.Query{
		"filtered":   {Filter: only},
		"ids":        {Filter: only, View: corpus.IDsView},
		"snippets":   {Filter: only, View: corpus.SnippetView},
		"lexical":    {Filter: only, Arms: []corpus.Arm{corpus.Lexical}},
		"dense":      {Filter: only, Arms: []corpus.Arm{corpus.Dense}},
		"covered":    {MinCoverage: ptr(.9), Arms: []corpus.Arm{corpus.Lexical}},
		"first page": {Limit: 1},
		"neighbours": {Limit: 1, Neighbours: 1},
	} {
		for _, changes := range []int{0, 1, 5} {
			f, r := rewriting(t, changes)
			q.Text = "robot of Quxland parts"
			answer := search(t, searcher.New(f.deps, searcher.Options{}), q)
			if len(answer.Passages) == 0 || answer.Passages[0].Chunk.DocumentID != "robot" {
				t.Fatalf("%s, %d changes: the answer is %q", name, changes, texts(answer))
			}
			if r.left > 0 || r.searches > changes+1 {
				t.Errorf("%s: %d searches for %d changes, %d not made", name, r.searches, changes, r.left)
			}
			if first := answer.Passages[0]; q.Neighbours > 0 {
				text := first.Chunk.Text
				for _, c := range first.After {
					text += c.Text
				}
				if text != strings.Join(versions[changes%2], "") {
					t.Errorf("after %d changes the passage and its neighbours are %q", changes, text)
				}
			}
			stages := map[corpus.Stage]int{}
			for _, lap := range answer.Timings {
				if stages[lap.Stage]++; stages[lap.Stage] > 1 {
					t.Errorf("%s: two times for stage %s", name, lap.Stage)
				}
			}
		}
	}
}

func TestSearchesAreBounded(t *testing.T) {
	f, r := rewriting(t, 1000)
	answer := search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: "robot of Quxland parts"})
	if r.searches != 6 || len(answer.Passages) != 7 {
		t.Errorf("%d searches for a document that is always gone, want 6; %d passages, want the 7 others", r.searches, len(answer.Passages))
	}

	f, r = rewriting(t, 1)
	r.change = func() {
		if err := f.store.Delete(t.Context(), []string{"robot"}); err != nil {
			t.Error(err)
		}
	}
	answer = search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: "robot of Quxland parts", Limit: 7})
	if r.searches != 2 || len(answer.Passages) != 7 {
		t.Errorf("%d searches for a deleted document, want 2; %d passages, want the 7 others", r.searches, len(answer.Passages))
	}
}

// A question searches again only if the deadline leaves as much time as the last
// search took, and the wait.
func TestSearchesEndBeforeTheDeadline(t *testing.T) {
	for deadline, want := range map[time.Duration]int{500 * time.Millisecond: 1, 700 * time.Millisecond: 2, 1000 * time.Millisecond: 3} {
		synctest.Test(t, func(t *testing.T) {
			f, r := rewriting(t, 1000)
			change := r.change
			r.change = func() {
				change()
				time.Sleep(300 * time.Millisecond) // in the time of the bubble: each search takes this long
			}
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			answer, err := searcher.New(f.deps, searcher.Options{}).Search(ctx, corpus.Query{Text: "robot of Quxland parts"})
			if err != nil || r.searches != want || len(answer.Passages) != 7 {
				t.Errorf("%d searches within %v, want %d; %d passages, want the 7 others; error %v", r.searches, deadline, want, len(answer.Passages), err)
			}
		})
	}
}

// replacing replaces a document after the first read of passages.
type replacing struct {
	*local.Store
	change func()
}

func (r *replacing) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	points, err := r.Store.Chunks(ctx, ids, with)
	if change := r.change; change != nil {
		r.change = nil
		change()
	}
	return points, err
}

func TestPassagesAndNeighboursAreOfOneMoment(t *testing.T) {
	f := newFixture(t, nature)
	f.put(t, "robot", "0", versions[0])
	f.deps.Store = &replacing{f.store, func() { f.put(t, "robot", "1", versions[1]) }}
	s := searcher.New(f.deps, searcher.Options{})
	ids := []corpus.ChunkID{corpus.NewChunkID("robot", "0", 0), corpus.NewChunkID("rivers", "1", 0)}
	passages, err := s.Passages(t.Context(), ids, 1, corpus.FullView)
	if err != nil {
		t.Fatal(err)
	}
	if len(passages) != 1 || passages[0].Document.ID != "rivers" || !slices.ContainsFunc(passages[0].After, func(c corpus.Chunk) bool { return c.Text == nature["rivers"][1] }) {
		t.Errorf("passages %+v, want only that of the document that is still there, with its neighbour", passages)
	}
}
