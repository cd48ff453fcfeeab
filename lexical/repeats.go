package lexical

import (
	"encoding/binary"

	"dalil/corpus"
)

// Repeat is a dimension of a passage that at least two words of its text have.
type Repeat struct {
	Dimension uint32
	Weight    float32 // in the passage's sparse vector
	Second    int     // position of the second of these words

	from, to int // numbers of its positions, without those in the title
}

// Repeats returns the dimensions of the passage's sparse vector that at least two words of the text have. They rise.
func (p Profile) Repeats(passage corpus.Sparse) []Repeat {
	parts, ok := p.parts()
	if !ok {
		return nil
	}
	repeats := make([]Repeat, 0, 32) // enough for most passages
	dimensions := parts.dimensions
	from, at := 0, 0
	for i := 0; len(dimensions) > 0; i++ {
		dimension := binary.LittleEndian.Uint32(dimensions)
		dimensions = dimensions[4:]
		n, sparse := parts.counted(i)
		r := Repeat{Dimension: dimension, from: from, to: from + n}
		from += n
		if n < 2 || !sparse || from*parts.position > len(parts.places) {
			continue
		}
		for r.from < r.to && parts.at(r.from) < 0 {
			r.from++
		}
		for at < passage.Len() && passage.Dimensions[at] < dimension {
			at++
		}
		if r.to-r.from >= 2 && at < passage.Len() && passage.Dimensions[at] == dimension {
			r.Weight, r.Second = passage.Weights[at], parts.at(r.from+1)
			repeats = append(repeats, r)
		}
	}
	return repeats
}

// Repeated returns where the words are that have a dimension, in reading order. words are those of [Profile.Words].
func (p Profile) Repeated(words []corpus.Span, of Repeat) []corpus.Span {
	parts, ok := p.parts()
	if !ok {
		return nil
	}
	spans := make([]corpus.Span, 0, of.to-of.from)
	for i := of.from; i < of.to; i++ {
		if at := parts.at(i); at >= 0 && at < len(words) {
			spans = append(spans, words[at])
		}
	}
	return spans
}

// Words returns the span of each word of the text that the profile was made from, in their order.
func (p Profile) Words(text string) []corpus.Span {
	parts, ok := p.parts()
	if !ok {
		return nil
	}
	all := make([]Place, len(parts.spans)/2) // each span has at least two bytes
	for i := range all {
		all[i].At = i
	}
	return p.Spans(text, all)
}
