package training

import (
	"cmp"
	"math"
	"slices"
)

// alignment tunes the aligner; see [LexiconOptions].
type alignment struct {
	iterations int
	lambda     float64 // of the diagonal prior; 0: none
	null       float64 // probability that a word translates none
}

// bitext is a pair as the numbers of its words.
type bitext struct {
	source, target           []int32
	sourceForms, targetForms []int32 // the words' exact forms
	term                     bool
	origin                   int     // of its file, from 0
	weight                   float64 // how much it is trusted, above 0 to 1
}

// table is p(target | source) for every pair of words that meet in a sentence:
// the targets of source s are columns[first[s]:first[s+1]], ascending. Source 0
// is the null word.
type table struct {
	first   []int32
	columns []int32
	p       []float32
}

// align learns the table by expectation maximisation of IBM Model 1 (Brown et
// al., 1993) with the diagonal prior of fast_align (Dyer, Chahuneau and Smith,
// NAACL 2013): a word prefers words at the same relative position in their
// sentence. Rows of a dictionary have no order, and so no prior. Sources are
// numbered from 1.
func align(texts []bitext, sources int, o alignment) *table {
	t := newTable(texts, sources)
	counts := make([]float32, len(t.p))
	var p posterior
	for range o.iterations {
		clear(counts)
		for _, text := range texts {
			for j := range text.target {
				if !p.of(t, text, j, o) {
					continue
				}
				for k, at := range p.places {
					counts[at] += float32(text.weight * p.shares[k])
				}
			}
		}
		t.normalise(counts)
	}
	return t
}

// posterior says which source word a target word translates: the shares, which
// sum to 1, and their places in the table, the null word first.
type posterior struct {
	shares []float64
	places []int32
}

// of computes it for the target word j; false where the table has no mass left.
func (p *posterior) of(t *table, text bitext, j int, o alignment) bool {
	m, n := len(text.source), len(text.target)
	target := text.target[j]
	at := t.find(0, target)
	p.shares, p.places = append(p.shares[:0], o.null*float64(t.p[at])), append(p.places[:0], at)
	sum, prior := p.shares[0], 0.0
	for i := range text.source {
		prior += diagonal(i, j, m, n, text.term, o.lambda)
	}
	for i, source := range text.source {
		at := t.find(source, target)
		w := (1 - o.null) * diagonal(i, j, m, n, text.term, o.lambda) / prior * float64(t.p[at])
		p.shares, p.places = append(p.shares, w), append(p.places, at)
		sum += w
	}
	if sum == 0 {
		return false
	}
	for k := range p.shares {
		p.shares[k] /= sum
	}
	return true
}

func diagonal(i, j, m, n int, term bool, lambda float64) float64 {
	if term || lambda == 0 {
		return 1
	}
	return math.Exp(-lambda * math.Abs((float64(i)+.5)/float64(m)-(float64(j)+.5)/float64(n)))
}

// newTable lists all pairs that meet and starts them equal.
func newTable(texts []bitext, sources int) *table {
	size := make([]int32, sources+2)
	each := func(yield func(source, target int32)) {
		for _, text := range texts {
			for _, target := range text.target {
				yield(0, target)
				for _, source := range text.source {
					yield(source, target)
				}
			}
		}
	}
	each(func(source, _ int32) { size[source+1]++ })
	for s := range size[:len(size)-1] {
		size[s+1] += size[s]
	}
	all := make([]int32, size[sources+1])
	next := slices.Clone(size)
	each(func(source, target int32) {
		all[next[source]] = target
		next[source]++
	})
	t := &table{first: make([]int32, sources+2)}
	for s := range sources + 1 {
		row := all[size[s]:size[s+1]]
		slices.Sort(row)
		t.columns = append(t.columns, slices.Compact(row)...)
		t.first[s+1] = int32(len(t.columns))
	}
	t.p = make([]float32, len(t.columns))
	for i := range t.p {
		t.p[i] = 1
	}
	t.normalise(slices.Clone(t.p))
	return t
}

func (t *table) find(source, target int32) int32 {
	row := t.columns[t.first[source]:t.first[source+1]]
	at, _ := slices.BinarySearchFunc(row, target, cmp.Compare[int32])
	return t.first[source] + int32(at)
}

// normalise makes the counts of each source a distribution.
func (t *table) normalise(counts []float32) {
	for s := range len(t.first) - 1 {
		var sum float64
		for _, c := range counts[t.first[s]:t.first[s+1]] {
			sum += float64(c)
		}
		if sum == 0 {
			continue
		}
		for i := t.first[s]; i < t.first[s+1]; i++ {
			t.p[i] = float32(float64(counts[i]) / sum)
		}
	}
}

// get is p(target | source), 0 where the two never met.
func (t *table) get(source, target int32) float64 {
	row := t.columns[t.first[source]:t.first[source+1]]
	if at, met := slices.BinarySearchFunc(row, target, cmp.Compare[int32]); met {
		return float64(t.p[t.first[source]+int32(at)])
	}
	return 0
}
