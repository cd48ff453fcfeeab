// Package snippet cuts short stretches out of texts, between words. Start with [Cut].
package snippet

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"dalil/corpus"
)

// Cut returns a stretch of text of at most `most` code points, exactly as it is there. It
// begins and ends between words (UAX 29), and never inside of a grapheme. It holds the
// span around, or the part of it with the most matched words; an empty span is the beginning of the text.
// matched are the spans of matched words, in rising order. All spans are in bytes.
func Cut(text string, around corpus.Span, matched []corpus.Span, most int) string {
	var c Cutter
	return c.Cut(text, around, matched, most)
}

// Cutter cuts one snippet after another in the same memory. The zero value is ready.
type Cutter struct{ w window }

// Cut does what the function [Cut] does.
func (c *Cutter) Cut(text string, around corpus.Span, matched []corpus.Span, most int) string {
	if forward(text, 0, most) == len(text) {
		return strings.TrimSpace(text)
	}
	if around = Trim(text, around); around.Len() == 0 { // nothing in particular: the beginning
		around = Trim(text, corpus.Span{End: len(text)})
		around.End = around.Start
	}
	limit := forward(text, around.Start, most)
	whole := limit >= around.End
	if !whole {
		around = densest(text, around, matched, most)
	}
	back := most / 3
	if whole { // the text before it is shown only where none is left behind it
		if back = most - utf8.RuneCountInString(text[around.Start:limit]); back == 0 {
			if end := lastCut(text, around.Start, limit, most); end > 0 {
				return strings.TrimSpace(text[around.Start:end])
			}
		}
	}
	w := &c.w
	*w = window{text: text, most: most, cuts: slices.Grow(w.cuts[:0], usualCuts), runes: slices.Grow(w.runes[:0], usualCuts)}
	w.fill(around, back)
	if !whole { // from the middle of a sentence: show what comes before too
		w.extendLeft(w.left() / 3)
	}
	w.extendRight()
	w.extendLeft(w.left())
	w.text = "" // so that it can be freed
	return strings.TrimSpace(text[w.cuts[w.from]:w.cuts[w.to]])
}

// Trim leaves out white space at both ends of a span.
func Trim(text string, s corpus.Span) corpus.Span {
	part := text[s.Start:s.End]
	s.Start += len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
	s.End = max(s.Start, s.End-(len(part)-len(strings.TrimRightFunc(part, unicode.IsSpace))))
	return s
}

// densest is the part of a span, of at most so many code points as a snippet has, with
// the most matched words; its beginning, where none matched.
func densest(text string, within corpus.Span, matched []corpus.Span, size int) corpus.Span {
	best, most := corpus.Span{Start: within.Start, End: within.Start}, 0
	for i, first := range matched {
		if first.Len() == 0 || first.Start < within.Start || first.End > within.End {
			continue
		}
		end, left, n := first.Start, size, 0 // left: code points behind end
		for _, next := range matched[i:] {
			if next.End > within.End {
				break
			}
			if next.End > end {
				if left -= utf8.RuneCountInString(text[end:next.End]); left < 0 {
					break
				}
				end = next.End
			}
			if n++; n > most {
				best, most = corpus.Span{Start: first.Start, End: end}, n
			}
		}
	}
	return best
}

// window is a run of words of a text: those between two cuts.
type window struct {
	text     string
	cuts     []int // bytes at which the text may be cut, rising
	runes    []int // code points before each cut
	from, to int   // cuts
	most     int   // code points that it may have
}

// forward returns the place n code points behind at, or the end of the text.
func forward(text string, at, n int) int {
	if n <= 0 {
		return at
	}
	for at++; at < len(text); at++ {
		// 1 for the first byte of a character and 0 for others, which are below -64 as
		// signed numbers. A branch on it could not be foretold.
		if n -= 1 + (int(int8(text[at]))+64)>>63; n == 0 {
			return at
		}
	}
	return len(text)
}

// lastCut returns the last place between words up to limit, for a snippet that begins at
// start. It looks for words behind the last space with a plain letter behind it only, which
// are always apart. 0: there is no such space, or a paragraph ends before, where the snippet
// may end too, or a word is longer than a snippet of most code points.
func lastCut(text string, start, limit, most int) int {
	if strings.Contains(text[start:min(limit+1, len(text))], "\n\n") {
		return 0
	}
	at := limit
	for ; at > start; at-- {
		if text[at-1] == ' ' && plainLetter(text, at) > 0 {
			break
		}
	}
	if at == start {
		return 0
	}
	for end := forward(text, limit, behind); at < end; {
		word, n := firstWord(text[at:end])
		if n > most {
			return 0
		}
		if at+len(word) > limit {
			break
		}
		at += len(word)
	}
	return at
}

// usualCuts is how many cuts most snippets need.
const usualCuts = 160

// behind is how many code points are looked at behind what a snippet can hold, for
// the end of its last word.
const behind = 40

// fill finds the cuts around a span, from at most back code points before it to
// as far as a snippet can reach, and takes the words that the span touches.
func (w *window) fill(around corpus.Span, back int) {
	text := w.text
	start, sound := reachBack(text, around.Start, back)
	end := forward(text, around.Start, w.most+behind)
	w.cut(start, 0)
	at, count := start, 0
	if sound {
		for at < end {
			word, n := firstWord(text[at:end])
			at, count = w.add(word, n, at, count)
		}
	} else { // a script without spaces, or one endless word
		w.split(text[start:end], at, count)
	}
	if end < len(text) && len(w.cuts) > 2 { // the last word may go on
		w.cuts, w.runes = w.cuts[:len(w.cuts)-1], w.runes[:len(w.runes)-1]
	}
	if !sound && len(w.cuts) > 1 { // it may lie inside of a grapheme
		w.cuts, w.runes = w.cuts[1:], w.runes[1:]
	}
	for w.from+1 < len(w.cuts) && w.cuts[w.from+1] <= around.Start {
		w.from++
	}
	for w.to = w.from; w.to+1 < len(w.cuts) && w.cuts[w.to] < around.End && w.fits(w.from, w.to+1); w.to++ {
	}
}

// reachBack is where words can be looked for, at most so many code points before at:
// behind white space, or where there is none anywhere, which is not sound.
func reachBack(text string, at, most int) (start int, sound bool) {
	if most <= 0 {
		return at, true
	}
	start, best := at, -1
	for n := 0; n < most && start > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if unicode.IsSpace(r) {
			best = start
		}
		start -= size
	}
	switch {
	case start == 0:
		return 0, true
	case best >= 0:
		return best, true
	}
	return start, false
}

// add adds the cut behind a word of n code points; a word that no snippet can hold is cut between its
// graphemes.
func (w *window) add(word string, n, at, count int) (int, int) {
	if n <= w.most {
		w.cut(at+len(word), count+n)
		return at + len(word), count + n
	}
	return w.split(word, at, count)
}

// split adds a cut behind each grapheme.
func (w *window) split(text string, at, count int) (int, int) {
	for parts := graphemes.FromString(text); parts.Next(); {
		at, count = at+len(parts.Value()), count+utf8.RuneCountInString(parts.Value())
		w.cut(at, count)
	}
	return at, count
}

func (w *window) cut(at, count int) {
	w.cuts, w.runes = append(w.cuts, at), append(w.runes, count)
}

func (w *window) fits(from, to int) bool { return w.runes[to]-w.runes[from] <= w.most }

// left is how many code points are free.
func (w *window) left() int { return w.most - (w.runes[w.to] - w.runes[w.from]) }

func (w *window) extendRight() {
	for w.to+1 < len(w.cuts) && w.fits(w.from, w.to+1) {
		if w.left() <= w.most/2 && strings.HasPrefix(w.text[w.cuts[w.to]:], "\n\n") {
			return // the next paragraph adds little
		}
		w.to++
	}
}

func (w *window) extendLeft(most int) {
	for first := w.runes[w.from]; w.from > 0 && first-w.runes[w.from-1] <= most && w.fits(w.from-1, w.to); {
		w.from--
	}
}
