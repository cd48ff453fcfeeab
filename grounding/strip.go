package grounding

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/chunker"
	"dalil/corpus"
)

// passage is a passage that was found, or a neighbour of one.
type passage struct {
	corpus.Passage
	found  bool    // by the search; false: it is a neighbour
	weight float64 // how much it counts among those that were found; their sum is 1
	reason corpus.DropReason
	open   bool // a sentence of it is in the context
	first  int  // place of its first sentence in the strip
	count  int  // sentences
}

// sentence is what is chosen: a sentence of a passage.
type sentence struct {
	*passage
	text   string
	value  float64 // what it counts among all sentences; see score
	tokens int     // rendered; -1: not counted yet
	taken  bool
	prints []uint32
	fresh  float64 // share of it that is in no sentence that was taken before
	known  int     // length of work.taken when fresh was computed
	shown  bool    // it says something: it has a letter, a digit or a symbol
}

// strip is what is known of a document, in reading order.
type strip struct {
	passages  []*passage
	sentences []*sentence
	open      int // passages with a sentence in the context
	frame     int // tokens of a block without text; 0: not counted yet
}

// lay puts the sentences of the passages side by side. What was taken and
// computed before stays.
func (s *strip) lay() {
	slices.SortFunc(s.passages, func(a, b *passage) int { return cmp.Compare(a.Chunk.Ordinal, b.Chunk.Ordinal) })
	before := s.sentences
	s.sentences = nil
	for _, p := range s.passages {
		if p.count > 0 {
			old := before[p.first : p.first+p.count]
			p.first = len(s.sentences)
			s.sentences = append(s.sentences, old...)
			continue
		}
		p.first = len(s.sentences)
		for _, span := range pieces(p.Chunk.Text) {
			text := p.Chunk.Text[span.Start:span.End]
			s.sentences = append(s.sentences, &sentence{
				passage: p, text: text, tokens: -1, fresh: 1, shown: strings.ContainsFunc(text, visible),
			})
		}
		p.count = len(s.sentences) - p.first
	}
}

// pieces are the sentences of a text. A heading, or another line that only
// announces what follows, is one piece with the sentence after it.
func pieces(text string) []corpus.Span {
	var all []corpus.Span
	announced := -1
	for _, s := range chunker.Sentences(text) {
		if announced >= 0 {
			s.Start, announced = announced, -1
		}
		if s.End < len(text) && announces(text[s.Start:s.End]) {
			announced = s.Start
			continue
		}
		all = append(all, s)
	}
	return all
}

// announceBytes is the length up to which a line that ends in a colon, or in no
// mark at all, announces what follows.
const announceBytes = 80

func announces(s string) bool {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	if len(s) > announceBytes {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r == ':' || !unicode.IsPunct(r)
}

// visible reports whether a character says something. The lines of tables do not.
func visible(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) && !strings.ContainsRune("|+=", r)
}

// touch reports whether sentence i follows sentence i-1 in the document.
func (s *strip) touch(i int) bool {
	a, b := s.sentences[i-1].passage, s.sentences[i].passage
	return a == b || a.Chunk.Ordinal+1 == b.Chunk.Ordinal
}

// run is a stretch of sentences that follow each other, [start, end).
type run struct {
	*strip
	start, end int
}

// runs yields the stretches that were taken, in reading order.
func (s *strip) runs(yield func(run) bool) {
	for i := 0; i < len(s.sentences); {
		if !s.sentences[i].taken {
			i++
			continue
		}
		start := i
		for i++; i < len(s.sentences) && s.sentences[i].taken && s.touch(i); i++ {
		}
		if !yield(run{s, start, i}) {
			return
		}
	}
}
