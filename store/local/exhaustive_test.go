package local_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// world is a random index, kept as a map and searched passage by passage in float64.
type world struct {
	*rand.Rand
	documents map[string]store.Entry
	written   int
}

// entry makes a document whose vectors are random, zero, along an axis, opposite or equal to many
// others. One dimension is in nearly every passage.
func (w *world) entry(id string, passages int) store.Entry {
	w.written++
	e := smallEntry(id, fmt.Sprint(w.written), passages)
	e.Document.Metadata["p"] = corpus.String(fmt.Sprint("x", w.IntN(300)))
	for i := range e.Points {
		p := &e.Points[i]
		switch w.IntN(25) {
		case 0:
			p.Dense = make(corpus.Vector, smallDimensions)
		case 1:
			p.Dense = make(corpus.Vector, smallDimensions)
			p.Dense[w.IntN(smallDimensions)] = []float32{3, -3}[w.IntN(2)]
		case 2:
			p.Sparse = corpus.Sparse{Dimensions: []uint32{}, Weights: []float32{}}
		case 3, 4:
			p.Dense, p.Sparse = e.Points[0].Dense, e.Points[0].Sparse
		}
		if p.Sparse.Len() > 0 && p.Sparse.Dimensions[0] > 7 {
			p.Sparse = corpus.Sparse{Dimensions: append([]uint32{7}, p.Sparse.Dimensions...), Weights: append([]float32{1}, p.Sparse.Weights...)}
		}
	}
	return e
}

func (w *world) filter(depth int) (f corpus.Filter) {
	low := float64(w.IntN(30))
	kind := w.IntN(8)
	if depth > 2 {
		kind = 3 + w.IntN(5)
	}
	switch kind {
	case 0:
		f.All = []corpus.Filter{w.filter(depth + 1), w.filter(depth + 1)}
	case 1:
		f.Any = []corpus.Filter{w.filter(depth + 1), w.filter(depth + 1)}
	case 2:
		inner := w.filter(depth + 1)
		f.Not = &inner
	case 3:
		f.In = &corpus.In{Field: corpus.FieldTag, Values: []string{fmt.Sprint(w.IntN(5))}}
	case 4:
		f.In = &corpus.In{Field: corpus.FieldLanguage, Values: []string{"ar"}}
	case 5:
		f.Metadata = &corpus.MetadataMatch{Key: "n", Min: &low}
	case 6:
		f.Metadata = &corpus.MetadataMatch{Key: "p", Prefix: fmt.Sprint("x", w.IntN(30))}
	default:
		f.In = &corpus.In{Field: corpus.FieldDocumentID, Values: []string{"long", fmt.Sprint("d", w.IntN(2000))}[w.IntN(2):]}
	}
	return f
}

// arms are both arms of a question, with any options.
func (w *world) arms(all []corpus.ChunkID) []store.ArmQuery {
	limit := []int{1, 10, 200, 1000, 10_000}[w.IntN(5)]
	arms := []store.ArmQuery{{Dense: smallVector(w.Rand), Limit: limit}, {Sparse: smallSparse(w.Rand, []int{1, 12, 600}[w.IntN(3)]), Limit: limit}}
	switch w.IntN(6) {
	case 0:
		arms[0].Dense = make(corpus.Vector, smallDimensions)
	case 1:
		arms[1].Sparse = corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}}
	case 2:
		arms[1].Sparse.Weights[0] = []float32{0, -1}[w.IntN(2)]
	}
	if w.IntN(2) == 0 {
		arms[0].Filter = w.filter(0)
		arms[1].Filter = arms[0].Filter
	}
	arms[0].Union, arms[1].Union = w.IntN(2) == 0, w.IntN(2) == 0
	if w.IntN(5) == 0 {
		low, high := float32(w.Float64()-0.2), float32(w.Float64()*8)
		arms[0].Min, arms[1].Min = &low, &high
	}
	if w.IntN(5) == 0 {
		ids := []corpus.ChunkID{}
		for range w.IntN([]int{100, 8000}[w.IntN(2)]) {
			ids = append(ids, all[w.IntN(len(all))])
		}
		arms[0].IDs, arms[1].IDs = ids, ids
	}
	return arms
}

// scores returns the score of every passage that the arm may find, without its Min.
func (w *world) scores(a *store.ArmQuery, passages int, frequency map[uint32]int) map[corpus.ChunkID]float64 {
	named := map[corpus.ChunkID]bool{}
	for _, id := range a.IDs {
		named[id] = true
	}
	scores := map[corpus.ChunkID]float64{}
	for _, e := range w.documents {
		if !a.Filter.Match(&e.Document) {
			continue
		}
		for _, p := range e.Points {
			if a.IDs != nil && !named[p.Chunk.ID] {
				continue
			}
			if a.Dense != nil {
				var dot, squares, own float64
				for i, x := range a.Dense {
					dot, squares, own = dot+float64(x)*float64(p.Dense[i]), squares+float64(x)*float64(x), own+float64(p.Dense[i])*float64(p.Dense[i])
				}
				scores[p.Chunk.ID] = dot / max(math.Sqrt(squares*own), 1e-9)
				continue
			}
			for i, d := range a.Sparse.Dimensions {
				if at, held := slices.BinarySearch(p.Sparse.Dimensions, d); held {
					scores[p.Chunk.ID] += corpus.IDF(float64(passages), float64(frequency[d])) * float64(a.Sparse.Weights[i]) * float64(p.Sparse.Weights[at])
				}
			}
		}
	}
	return scores
}

// check asks random questions, and returns how many hits were found and how many better ones the
// dense arm left out.
func (w *world) check(t *testing.T, s *local.Store, questions int) (hits, lost int) {
	t.Helper()
	frequency, all := map[uint32]int{}, []corpus.ChunkID{}
	for _, id := range slices.Sorted(maps.Keys(w.documents)) {
		for _, p := range w.documents[id].Points {
			all = append(all, p.Chunk.ID)
			for _, d := range p.Sparse.Dimensions {
				frequency[d]++
			}
		}
	}
	for n := range questions {
		arms := w.arms(all)
		found, err := s.Search(t.Context(), arms)
		if err != nil {
			t.Fatal(err)
		}
		for i := range arms {
			a, want := &arms[i], w.scores(&arms[i], len(all), frequency)
			name := fmt.Sprintf("question %d, arm %d, limit %d, %d names", n, i, a.Limit, len(a.IDs))
			allowed := func(score float64) float64 { return 1e-4 * max(1, math.Abs(score)) }
			own, seen := 0, map[corpus.ChunkID]bool{}
			for k, h := range found[i] {
				score, may := want[h.ID]
				if !may || math.Abs(score-float64(h.Score)) > allowed(score) || seen[h.ID] || a.Min != nil && h.Score < *a.Min {
					t.Fatalf("%s: hit %d has %v, want %v; may be found: %v, twice: %v", name, k, h.Score, score, may, seen[h.ID])
				}
				if seen[h.ID] = true; !h.Other {
					own++
				}
				if k > 0 && found[i][k-1].Other == h.Other {
					if before := found[i][k-1]; before.Score < h.Score || before.Score == h.Score && before.ID.Compare(h.ID) >= 0 {
						t.Fatalf("%s: hit %d is not in order", name, k)
					}
				}
			}
			var best []float64
			for _, score := range want {
				if a.Min == nil || score > float64(*a.Min)+allowed(score) {
					best = append(best, score)
				}
			}
			slices.SortFunc(best, func(x, y float64) int { return cmp.Compare(y, x) })
			if own < min(a.Limit, len(best)) || own > a.Limit {
				t.Fatalf("%s: %d hits of %d", name, own, len(best))
			}
			for k := range min(own, len(best)) {
				if float64(found[i][k].Score) < best[k]-allowed(best[k]) {
					if lost++; a.Dense == nil {
						t.Fatalf("%s: hit %d has %v, and there is %v", name, k, found[i][k].Score, best[k])
					}
				}
			}
			hits += own
			for _, h := range found[1-i] {
				if score, may := want[h.ID]; a.Union && !h.Other && may && !seen[h.ID] && (a.Min == nil || score > float64(*a.Min)+allowed(score)) {
					t.Fatalf("%s: the union lacks %s", name, h.ID)
				}
			}
		}
	}
	return hits, lost
}

// Whatever is written, deleted and asked, answers are those of a search of every passage. The
// dense arm may leave out one hit in ten thousand.
func TestAnswersAreThoseOfAnExhaustiveSearch(t *testing.T) {
	w := &world{Rand: rand.New(rand.NewPCG(3, 9)), documents: map[string]store.Entry{}}
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	write := func(entries ...store.Entry) {
		put(t, s, entries...)
		for _, e := range entries {
			w.documents[e.Document.ID] = e
		}
	}
	hits, lost := 0, 0
	ask := func(questions int) {
		h, l := w.check(t, s, questions)
		hits, lost = hits+h, lost+l
	}
	write(w.entry("d0", 3))
	ask(5)
	write(w.entry("long", 5000))
	ask(5)
	for range 4 {
		var entries []store.Entry
		for range 500 {
			entries = append(entries, w.entry(fmt.Sprint("d", w.IntN(2000)), 1+w.IntN(8)))
		}
		write(entries...)
		var gone []string
		for range 60 {
			gone = append(gone, fmt.Sprint("d", w.IntN(2000)))
			delete(w.documents, gone[len(gone)-1])
		}
		if err := s.Delete(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		ask(8)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), SideBySide: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ask(20)
	if 10_000*lost > hits {
		t.Errorf("%d hits of %d were lost", lost, hits)
	}
}
