package static

import (
	"hash/maphash"
	"math"
	"slices"
	"sync/atomic"

	"dalil/corpus"
	"dalil/vector"
)

// passage is what a candidate's text comes to, whatever the query.
type passage struct {
	ids       []int32 // known tokens; the last of each word is its complement
	sentences []sentence
}

// sentence is a run of ids up to end.
type sentence struct {
	end    int32
	length float32 // of the sum of its tokens' vectors
}

// passages remembers the passages that were candidates before: reading a text
// takes longer than scoring it. It is bounded, needs no locks and changes no
// score.
type passages struct {
	seeds [2]maphash.Seed
	sets  [passageSets][2]atomic.Pointer[knownPassage]
}

const (
	passageSets  = 1 << 11
	passageBytes = 4 << 10 // longer texts are read each time
)

// knownPassage goes by 128 bits of a hash that is seeded in each process, so
// texts of a stranger can't be made to meet.
type knownPassage struct {
	key passageKey
	*passage
}

type passageKey [2]uint64

func newPassages() *passages {
	return &passages{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// find gives the passage of a text; nil: it is not known.
func (p *passages) find(text string) (*passage, passageKey) {
	if len(text) > passageBytes {
		return nil, passageKey{}
	}
	key := passageKey{maphash.String(p.seeds[0], text), maphash.String(p.seeds[1], text)}
	for i := range p.sets[key[0]%passageSets] {
		if known := p.sets[key[0]%passageSets][i].Load(); known != nil && known.key == key {
			return known.passage, key
		}
	}
	return nil, key
}

// put remembers a passage; the one that came first in its set goes. Callers
// that do this at once may make each other forget, which costs time alone.
func (p *passages) put(key passageKey, text string, passage *passage) {
	if len(text) > passageBytes {
		return
	}
	set := &p.sets[key[0]%passageSets]
	set[1].Store(set[0].Load())
	set[0].Store(&knownPassage{key, passage})
}

// reader works texts out.
type reader struct {
	e     *Embedder
	ids   []int32 // of the text
	ends  []int32 // of the words of a sentence
	found []sentence
	sum   []float32
}

func (r *reader) read(text string, sentences func(string) []corpus.Span) *passage {
	r.ids, r.found = r.ids[:0], r.found[:0]
	if sentences == nil {
		r.readSentence(text)
	} else {
		for _, s := range sentences(text) {
			r.readSentence(text[s.Start:s.End])
		}
	}
	return &passage{slices.Clone(r.ids), slices.Clone(r.found)}
}

// readSentence appends a sentence to r.ids and r.found; one without known
// words is none.
func (r *reader) readSentence(s string) {
	begin := len(r.ids)
	r.ids, r.ends = r.e.tokens.AppendWordIDs(r.ids, r.ends[:0], s)
	clear(r.sum)
	at, start := begin, begin // at: where the next known token goes
	for _, end := range r.ends {
		first := at
		for _, id := range r.ids[start:end] {
			if id != r.e.unknown {
				r.ids[at] = id
				at++
			}
		}
		r.e.sum(r.sum, r.ids[first:at])
		if at > first {
			r.ids[at-1] = ^r.ids[at-1]
		}
		start = int(end)
	}
	r.ids = r.ids[:at]
	length := math.Sqrt(float64(vector.DotFloat32(r.sum, r.sum)))
	if at > begin && length > 0 {
		r.found = append(r.found, sentence{int32(at), float32(length)})
	}
}
