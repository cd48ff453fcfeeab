package lexical

import (
	"cmp"
	"slices"

	"dalil/corpus"
)

// Places has the positions of each dimension in a passage, so that many questions
// can look up their words without reading the text. It is immutable.
type Places struct {
	dimensions []uint32 // rising
	at         []int32  // the number of a word; below 0 in the title
	terms      int
	script     Script
	spans      []corpus.Span // of the text's words
}

// titleGap keeps the title's words away from the text's.
const titleGap = 1000

// Places reads a passage with its title. Positions count the words without stop
// words.
func (a *Analyzer) Places(title, text string) *Places {
	titled := a.Terms(title)
	words := a.Terms(text)
	p := Places{terms: len(titled) + len(words), script: ScriptOf(text), spans: make([]corpus.Span, len(words))}
	for i := range words {
		p.spans[i] = words[i].Span
	}
	capitals := hasCapitals(titled) || hasCapitals(words)
	p.read(a, titled, -len(titled)-titleGap, capitals)
	p.read(a, words, 0, capitals)
	order := make([]int32, len(p.at))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(p.dimensions[i], p.dimensions[j]), cmp.Compare(p.at[i], p.at[j]))
	})
	dimensions, at := make([]uint32, len(order)), make([]int32, len(order))
	for to, from := range order {
		dimensions[to], at[to] = p.dimensions[from], p.at[from]
	}
	p.dimensions, p.at = dimensions, at
	return &p
}

func (p *Places) read(a *Analyzer, terms []Term, first int, capitals bool) {
	var scratch [2 * maxReadings]uint64
	var keys []string
	for i := range terms {
		at := int32(first + i)
		for _, d := range a.appendDimensions(scratch[:0], &terms[i]) {
			p.dimensions, p.at = append(p.dimensions, uint32(d>>32)), append(p.at, at)
		}
		keys = indexedSkeletons(keys[:0], &terms[i], capitals)
		for _, key := range keys {
			p.dimensions, p.at = append(p.dimensions, SoundHash(terms[i].Script, key)), append(p.at, at)
		}
	}
}

// Terms is how many words the title and the text have, stop words left out.
func (p *Places) Terms() int { return p.terms }

// Script is what most of the text is written in.
func (p *Places) Script() Script { return p.script }

// Highlights returns the words of the text that found names, in reading order,
// in bytes and in UTF-16 code units. It is linear in len(text).
func (p *Places) Highlights(text string, found []Place) []corpus.Highlight {
	var spans []corpus.Span
	for i, f := range found {
		if f.At >= 0 && (i == 0 || found[i-1].At != f.At) {
			spans = append(spans, p.spans[f.At])
		}
	}
	return highlights(text, spans)
}

// Place is the position of a word of the question in a passage.
type Place struct {
	At    int     // the number of the passage's word; below 0 in the title
	Word  int     // the number of the question's word, in Question.Groups
	Share float32 // how likely the one means the other, above 0 and at most 1
}

// Find appends the places of the question's words, by rising At and Word.
func (q *Question) Find(to []Place, p *Places) []Place {
	first := len(to)
	for word := range q.Groups {
		g := &q.Groups[word]
		for i, d := range g.Dimensions {
			at, held := slices.BinarySearch(p.dimensions, d)
			if !held {
				continue
			}
			for ; at < len(p.dimensions) && p.dimensions[at] == d; at++ {
				to = append(to, Place{int(p.at[at]), word, float32(g.share(i))})
			}
		}
	}
	found := to[first:]
	slices.SortFunc(found, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Word, b.Word), cmp.Compare(b.Share, a.Share))
	})
	// A word that matches another in several forms counts in its most probable one.
	found = slices.CompactFunc(found, func(a, b Place) bool { return a.At == b.At && a.Word == b.Word })
	return to[:first+len(found)]
}
