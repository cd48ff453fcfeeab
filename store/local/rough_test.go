package local_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// filled opens a store with documents of five passages of 256 dimensions.
func filled(t *testing.T, documents int) *local.Store {
	t.Helper()
	return filledIn(t, t.TempDir(), documents)
}

func filledIn(t *testing.T, dir string, documents int) *local.Store {
	t.Helper()
	s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: benchPipeline()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
		t.Fatal(err)
	}
	g := newGenerator(3)
	var batch []store.Entry
	for n := range documents {
		e := g.entry(n)
		e.Document.Metadata = map[string]corpus.Value{"tenth": corpus.String(fmt.Sprint(n % 10))}
		if batch = append(batch, e); len(batch) == 100 || n == documents-1 {
			if err := s.Put(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
			batch = nil
		}
	}
	return s
}

// filters are selective and broad ones, and none.
func filters() map[string]corpus.Filter {
	return map[string]corpus.Filter{
		"none":   {},
		"few":    {In: &corpus.In{Field: corpus.FieldAuthor, Values: []string{"author 7"}}},
		"some":   {Metadata: &corpus.MetadataMatch{Key: "tenth", Values: []corpus.Value{corpus.String("3")}}},
		"most":   {In: &corpus.In{Field: corpus.FieldLanguage, Values: []string{"ar"}}},
		"nobody": {In: &corpus.In{Field: corpus.FieldAuthor, Values: []string{"nobody"}}},
	}
}

// The scan of two bits an element must find what all bits find, with every filter.
func TestTheRoughScanFindsTheNearest(t *testing.T) {
	s := filled(t, 1200)
	for name, filter := range filters() {
		found, all := 0, 0
		g := newGenerator(4)
		for range 40 {
			arm := g.question()[0]
			arm.Filter, arm.Limit = filter, 10
			exact := arm
			exact.Exact = true
			hits, err := s.Search(t.Context(), []store.ArmQuery{arm, exact})
			if err != nil {
				t.Fatal(err)
			}
			all += len(hits[1])
			for _, h := range hits[1] {
				if slices.Contains(hits[0], h) {
					found++
				}
			}
		}
		if name != "nobody" && all == 0 || float64(found) < 0.998*float64(all) {
			t.Errorf("filter %q: %d of the %d nearest passages were found", name, found, all)
		}
	}
}

// A filter must keep of the lexical arm's hits those that match, with their scores.
func TestAFilterKeepsTheScoresOfMatchingPassages(t *testing.T) {
	s := filled(t, 600)
	documents := map[string]*corpus.Document{}
	for n := range 600 {
		d, err := s.Document(t.Context(), benchID(n))
		if err != nil {
			t.Fatal(err)
		}
		documents[benchID(n)] = &d.Document
	}
	g := newGenerator(5)
	for range 10 {
		whole := g.question()[1]
		whole.Limit = 3000
		all, err := s.Search(t.Context(), []store.ArmQuery{whole})
		if err != nil {
			t.Fatal(err)
		}
		for name, filter := range filters() {
			arm := whole
			arm.Filter = filter
			hits, err := s.Search(t.Context(), []store.ArmQuery{arm})
			if err != nil {
				t.Fatal(err)
			}
			var want []store.Hit
			for _, h := range all[0] {
				if filter.Match(documents[h.DocumentID]) {
					want = append(want, h)
				}
			}
			if !slices.EqualFunc(hits[0], want, func(a, b store.Hit) bool { return a == b }) {
				t.Errorf("filter %q: %d hits, want %d", name, len(hits[0]), len(want))
			}
			if !slices.IsSortedFunc(hits[0], func(a, b store.Hit) int { return cmp.Compare(b.Score, a.Score) }) {
				t.Errorf("filter %q: the hits are not in order", name)
			}
		}
	}
}
