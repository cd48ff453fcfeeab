package lexical

import (
	"cmp"
	"slices"
)

// Places says where each dimension stands in a passage: what a question's words
// are looked up in, again and again, without reading the text. It is immutable.
type Places struct {
	dimensions []uint32 // rising
	at         []int32  // the number of a word; below 0 in the title
	terms      int
}

// titleGap keeps the title's words away from the text's.
const titleGap = 1000

// Places reads a passage with its title. Positions count the words without stop
// words.
func (a *Analyzer) Places(title, text string) *Places {
	titled := a.Terms(title)
	p := new(Places)
	p.read(a, titled, -len(titled)-titleGap)
	p.read(a, a.Terms(text), 0)
	order := make([]int32, len(p.at))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(p.dimensions[i], p.dimensions[j]), cmp.Compare(p.at[i], p.at[j]))
	})
	sorted := Places{make([]uint32, len(order)), make([]int32, len(order)), p.terms}
	for to, from := range order {
		sorted.dimensions[to], sorted.at[to] = p.dimensions[from], p.at[from]
	}
	return &sorted
}

func (p *Places) read(a *Analyzer, terms []Term, first int) {
	var scratch [2 * maxReadings]uint64
	var keys []string
	p.terms += len(terms)
	for i := range terms {
		at := int32(first + i)
		for _, d := range a.appendDimensions(scratch[:0], &terms[i]) {
			p.dimensions, p.at = append(p.dimensions, uint32(d>>32)), append(p.at, at)
		}
		keys = skeletons(keys[:0], terms[i].Word, terms[i].Script)
		for _, key := range keys {
			p.dimensions, p.at = append(p.dimensions, SoundHash(terms[i].Script, key)), append(p.at, at)
		}
	}
}

// Terms is how many words the title and the text have, stop words left out.
func (p *Places) Terms() int { return p.terms }

// Place is where a word of the question stands in a passage.
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
	// A word that stands for another in several forms does so in its likeliest.
	found = slices.CompactFunc(found, func(a, b Place) bool { return a.At == b.At && a.Word == b.Word })
	return to[:first+len(found)]
}
