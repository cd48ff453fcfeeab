package storetest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

func badArms(c *collection) {
	c.create()
	c.put(entry("a", "1", 1))
	nan := float32(math.NaN())
	bad := map[string]store.ArmQuery{
		"neither":              {Limit: 1},
		"both":                 {Dense: unit(1), Sparse: sparse(1, 1), Limit: 1},
		"too narrow":           {Dense: unit(1)[1:], Limit: 1},
		"too wide":             {Dense: append(unit(1), 0), Limit: 1},
		"not a number":         {Dense: append(unit(1)[:Dimensions-1:Dimensions-1], nan), Limit: 1},
		"sparse not a number":  {Sparse: sparse(1, nan), Limit: 1},
		"sparse falls":         {Sparse: sparse(3, 1, 2, 1), Limit: 1},
		"sparse weights short": {Sparse: corpus.Sparse{Dimensions: []uint32{1, 2}, Weights: []float32{1}}, Limit: 1},
		"negative limit":       {Dense: unit(1), Limit: -1},
		"an ambiguous filter": {Dense: unit(1), Limit: 1, Filter: corpus.Filter{
			In: &corpus.In{Field: corpus.FieldTag, Values: []string{"x"}}, Any: []corpus.Filter{in(corpus.FieldTag, "y")},
		}},
	}
	for name, arm := range bad {
		if found, err := c.Search(c.ctx, []store.ArmQuery{{Dense: unit(1), Limit: 1}, arm}); !errors.Is(err, corpus.ErrInvalid) {
			c.Errorf("%s: got %v, %v, want ErrInvalid", name, found, err)
		}
	}
}

// filled is a store with a hundred documents and the oracle that knows them.
func filled(c *collection) oracle {
	c.create()
	want := oracle{}
	var entries []store.Entry
	for i := range 100 {
		entries = append(entries, entry(fmt.Sprintf("doc/%03d", i), "1", 1+i%4))
	}
	c.put(entries...)
	want.put(entries...)
	return want
}

func denseOrder(c *collection) {
	want := filled(c)
	for _, limit := range []int{1, 7, 100, 1000} {
		for seed := range uint64(5) {
			for _, exact := range []bool{false, true} {
				arm := store.ArmQuery{Dense: unit(seed), Limit: limit, Exact: exact}
				hits := c.search(arm)
				c.check(want, arm, hits)
				arm.Min = pointer(hits[len(hits)/2].Score)
				cut := c.search(arm)
				c.check(want, arm, cut)
				if len(cut) <= len(hits)/2 {
					c.Errorf("a hit that scores exactly the least, %v, is left out", *arm.Min)
				}
			}
		}
	}
	arm := store.ArmQuery{Dense: unit(1), Limit: 10, Min: pointer[float32](1.5)}
	if hits := c.search(arm); len(hits) != 0 {
		c.Errorf("above any cosine: got %v", described(hits))
	}
	// A point is nearest to itself, with a cosine of 1.
	self := want["doc/042"].Points[0]
	if hits := c.search(store.ArmQuery{Dense: self.Dense, Limit: 1}); len(hits) != 1 || hits[0].ID != self.Chunk.ID || math.Abs(float64(hits[0].Score)-1) > cosineTolerance {
		c.Errorf("a point's own vector finds %v", described(hits))
	}
}

func ties(c *collection) {
	c.create()
	want := oracle{}
	var entries []store.Entry
	for i := range 60 { // two groups of thirty that can't be told apart
		entries = append(entries, single(fmt.Sprint("twin/", i), unit(uint64(i%2)), sparse(5, 1, float32(10+i%2), 2)))
	}
	c.put(entries...)
	want.put(entries...)
	for _, limit := range []int{1, 10, 29, 30, 31, 59, 60} {
		for _, arm := range []store.ArmQuery{{Dense: unit(0), Limit: limit}, {Sparse: sparse(5, 1, 10, 1), Limit: limit}} {
			hits := c.search(arm)
			c.check(want, arm, hits)
			var ids []corpus.ChunkID
			for _, e := range entries {
				if e.Points[0].Dense[0] == unit(0)[0] {
					ids = append(ids, e.Points[0].Chunk.ID)
				}
			}
			slices.SortFunc(ids, corpus.ChunkID.Compare)
			for i := range min(limit, len(ids)) {
				if hits[i].ID != ids[i] {
					c.Fatalf("limit %d: tie %d is %v, want %v, the lowest ids first", limit, i, hits[i].ID, ids[i])
				}
			}
		}
	}
}

// Near neighbours are where quantised scans and graphs lose some.
func denseRecall(c *collection) {
	c.create()
	random := rand.New(rand.NewPCG(11, 12))
	want := oracle{}
	var entries []store.Entry
	for cluster := range 10 {
		centre := direction(random)
		for i := range 60 {
			v := slices.Clone(centre)
			for j, x := range direction(random) {
				v[j] += 0.2 * x
			}
			entries = append(entries, single(fmt.Sprint(cluster, "/", i), normalised(v), sparse()))
		}
	}
	c.put(entries...)
	want.put(entries...)
	for i := 0; i < len(entries); i += 13 {
		arm := store.ArmQuery{Dense: entries[i].Points[0].Dense, Limit: 10}
		c.check(want, arm, c.search(arm))
	}
}

func sparseScores(c *collection) {
	c.create()
	a := single("a", unit(1), sparse(1, 2, 7, 0.5))
	b := single("b", unit(2), sparse(1, 1, 4_000_000_000, 3))
	d := single("d", unit(3), sparse(2, 1))
	c.put(a, b, d)
	// N = 3; dimension 1 is in 2 passages, 4,000,000,000 in one.
	idf := func(n float64) float64 { return math.Log(1 + (3-n+0.5)/(n+0.5)) }
	hits := c.search(store.ArmQuery{Sparse: sparse(1, 2, 3, 9, 4_000_000_000, 0.5), Limit: 10})
	if len(hits) != 2 || hits[0].DocumentID != "b" || hits[1].DocumentID != "a" {
		c.Fatalf("got %v, want b and a", described(hits))
	}
	for i, want := range []float64{idf(2)*2*1 + idf(1)*0.5*3, idf(2) * 2 * 2} {
		if math.Abs(float64(hits[i].Score)-want) > tolerance {
			c.Errorf("hit %d: got %v, want %v", i, hits[i].Score, want)
		}
	}
	want := oracle{}
	want.put(a, b, d)
	more := entry("e", "1", 40)
	c.put(more)
	want.put(more)
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		arm := store.ArmQuery{Sparse: terms(random, 6), Limit: 1 + random.IntN(50)}
		c.check(want, arm, c.search(arm))
		arm.Min = pointer(float32(random.Float64() * 10))
		c.check(want, arm, c.search(arm))
	}
}

func liveFrequencies(c *collection) {
	want := filled(c)
	agree := func() {
		c.Helper()
		c.settle()
		v, err := c.Vocabulary(c.ctx)
		if err != nil {
			c.Fatal(err)
		}
		frequency, passages := map[uint32]int{12345: 0}, 0
		for _, e := range want {
			for _, p := range e.Points {
				passages++
				for _, d := range p.Sparse.Dimensions {
					frequency[d]++
				}
			}
		}
		if v.Passages() != passages {
			c.Errorf("passages: got %d, want %d", v.Passages(), passages)
		}
		for d, n := range frequency {
			if got := v.Frequency(d); got != n {
				c.Errorf("frequency of %d: got %d, want %d", d, got, n)
			}
		}
		arm := store.ArmQuery{Sparse: want["doc/099"].Points[0].Sparse, Limit: 50}
		c.check(want, arm, c.search(arm))
	}
	agree()
	for i := range 60 {
		id := fmt.Sprintf("doc/%03d", i)
		if i%2 == 0 {
			c.delete(id)
			delete(want, id)
			continue
		}
		e := entry(id, "2", 1+i%3)
		c.put(e)
		want.put(e)
	}
	agree()
}

func emptySparse(c *collection) {
	filled(c)
	if hits := c.search(store.ArmQuery{Sparse: corpus.Sparse{Dimensions: []uint32{}}, Limit: 10}); len(hits) != 0 {
		c.Errorf("got %v", described(hits))
	}
	if hits := c.search(store.ArmQuery{Sparse: sparse(123456, 1), Limit: 10}); len(hits) != 0 {
		c.Errorf("a term that nothing holds finds %v", described(hits))
	}
}

func restrictedToIDs(c *collection) {
	want := filled(c)
	random := rand.New(rand.NewPCG(5, 6))
	var all []corpus.ChunkID
	for i := range 100 {
		for _, p := range want[fmt.Sprintf("doc/%03d", i)].Points {
			all = append(all, p.Chunk.ID)
		}
	}
	for range 30 {
		ids := []corpus.ChunkID{corpus.NewChunkID("never", "1", 0)}
		for range random.IntN(150) {
			ids = append(ids, all[random.IntN(len(all))]) // some of them twice
		}
		for _, arm := range []store.ArmQuery{
			{Dense: unit(random.Uint64()), Limit: 1000, IDs: ids},
			{Dense: unit(random.Uint64()), Limit: 5, IDs: ids},
			{Sparse: terms(random, 6), Limit: 1000, IDs: ids},
			{Sparse: terms(random, 6), Limit: 1000, IDs: ids, Filter: not(in(corpus.FieldLanguage, "ar"))},
		} {
			c.check(want, arm, c.search(arm))
		}
	}
	if hits := c.search(store.ArmQuery{Dense: unit(1), Limit: 10, IDs: []corpus.ChunkID{}}); len(hits) != 0 {
		c.Errorf("a list of no ids finds %v", described(hits))
	}
}

func manyArms(c *collection) {
	want := filled(c)
	arms := []store.ArmQuery{
		{Dense: unit(1), Limit: 3},
		{Sparse: terms(rand.New(rand.NewPCG(1, 1)), 8), Limit: 50},
		{Sparse: sparse(), Limit: 4},
		{Dense: unit(2), Limit: 100, Filter: in(corpus.FieldLanguage, "en")},
	}
	found, err := c.Search(c.ctx, arms)
	if err != nil || len(found) != len(arms) {
		c.Fatalf("got %d answers, %v", len(found), err)
	}
	for i := range arms {
		c.check(want, arms[i], found[i])
	}
}

// A union gives each arm the scores that a second search for the passages of the others
// would give.
func unions(c *collection) {
	want := filled(c)
	random := rand.New(rand.NewPCG(7, 8))
	english := in(corpus.FieldLanguage, "en")
	for range 30 {
		arms := []store.ArmQuery{
			{Dense: unit(random.Uint64()), Limit: random.IntN(12), Union: true},
			{Sparse: terms(random, 6), Limit: random.IntN(40), Union: random.IntN(4) > 0},
			{Dense: unit(random.Uint64()), Limit: 5, Filter: english, Union: random.IntN(2) == 0},
			{Sparse: sparse(), Limit: 5, Union: true},
		}
		if random.IntN(2) == 0 {
			arms[0].Min = pointer[float32](0)
			arms[1].Filter = not(english)
		}
		if random.IntN(3) == 0 {
			arms[1].IDs = []corpus.ChunkID{want["doc/001"].Points[0].Chunk.ID, want["doc/002"].Points[1].Chunk.ID, want["doc/003"].Points[2].Chunk.ID}
		}
		found, err := c.Search(c.ctx, arms)
		if err != nil || len(found) != len(arms) {
			c.Fatalf("got %d answers, %v", len(found), err)
		}
		own, others := make([][]store.Hit, len(arms)), make([][]store.Hit, len(arms))
		for i, hits := range found {
			n := 0
			for n < len(hits) && !hits[n].Other {
				n++
			}
			own[i], others[i] = hits[:n], slices.Clone(hits[n:])
			alone := arms[i]
			alone.Union = false
			if alone.Limit > 0 {
				c.check(want, alone, own[i])
			} else if len(own[i]) > 0 {
				c.Fatalf("arm %d with limit 0 finds %v", i, described(own[i]))
			}
		}
		for i, arm := range arms {
			if !arm.Union {
				if len(others[i]) > 0 {
					c.Fatalf("arm %d without a union has %v", i, described(others[i]))
				}
				continue
			}
			arm.IDs, arm.Union = []corpus.ChunkID{}, false
			for k := range arms {
				for _, h := range own[k] {
					if k != i && !slices.ContainsFunc(own[i], func(o store.Hit) bool { return o.ID == h.ID }) {
						arm.IDs = append(arm.IDs, h.ID)
					}
				}
			}
			arm.Limit = max(1, len(arm.IDs))
			c.check(want, arm, others[i])
			for j := range others[i] {
				if !others[i][j].Other {
					c.Fatalf("hit %d of %v is not marked", j, described(others[i]))
				}
			}
			again := c.search(arm)
			same := func(a, b store.Hit) bool { return a.ID == b.ID && a.Score == b.Score }
			if !slices.EqualFunc(again, others[i], same) {
				c.Fatalf("arm %d: got %v, a second search %v", i, described(others[i]), described(again))
			}
		}
	}
}
