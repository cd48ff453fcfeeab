package searcher

import (
	"math"

	"dalil/lexical"
)

// nearest gives each word of the question, for each candidate, the similarity of the passage's
// nearest word; nil: the reranker has no words.
func (r *run) nearest(scored []Reranking) [][]float32 {
	words := len(r.question.Groups)
	all, of := make([]float32, len(scored)*words), make([][]float32, len(scored))
	for i := range scored {
		row := all[i*words : (i+1)*words : (i+1)*words]
		if r.ofReranker(row, &scored[i], scored[i].Words) {
			of[i] = row
		}
	}
	return of
}

// perWord gives each word of the question a number that the reranker has of its own
// words; nil: it has none.
func (r *run) perWord(scored *Reranking, values []float32) []float32 {
	of := make([]float32, len(r.question.Groups))
	if !r.ofReranker(of, scored, values) {
		return nil
	}
	return of
}

// ofReranker takes numbers of the reranker's words over to those of the question. Words
// that share letters are the same; of several the highest counts. False: there are none.
func (r *run) ofReranker(of []float32, scored *Reranking, values []float32) bool {
	if len(values) == 0 || len(values) != len(scored.Spans) {
		return false
	}
	at := 0
	for i := range r.question.Groups {
		span := r.question.Groups[i].Span
		for at > 0 && scored.Spans[at-1].End > span.Start {
			at--
		}
		for at < len(values) && scored.Spans[at].End <= span.Start {
			at++
		}
		for k := at; k < len(values) && scored.Spans[k].Start < span.End; k++ {
			of[i] = max(of[i], values[k])
		}
	}
	return true
}

// weighing compares the concepts of a question with all candidates.
type weighing struct {
	groups     []lexical.Group
	matches    []float64 // of each candidate, of each concept, 0 to 1
	weights    [concepts][]float64
	sums, most [concepts]float64
	first      []float64 // highest match of each concept
	second     []float64
	holder     []int // who has the highest
	titled     []float32
	inside     []float32
	held       []float64 // how likely the candidate that holds each concept most likely does
	passages   int       // of the index
	worth      []worth   // of each concept
	mostMeant  int       // the concept that means most
	topic      int       // the one that means most and is rarest
}

// The weights of a concept.
const (
	byRarity = iota
	byMeaning
	byBoth
	byDistinction // rarity, and how few of the candidates have it
	concepts
)

func newWeighing(groups []lexical.Group, meaning, surprisal []float32, best []candidate, passages int, m *memory) *weighing {
	n := len(groups)
	w := &weighing{
		groups: groups, matches: m.floats(n * len(best)), first: m.floats(n), second: m.floats(n), held: m.floats(n),
		holder: make([]int, n), titled: make([]float32, n), inside: make([]float32, n), passages: passages,
	}
	for k := range w.weights {
		w.weights[k] = m.floats(n)
	}
	for i := range groups {
		var all float64
		for k := range best {
			m := matchOf(&best[k], i)
			w.matches[k*n+i] = m
			if best[k].certain != nil {
				w.held[i] = max(w.held[i], best[k].certain[i])
			}
			all += m
			switch {
			case m > w.first[i]:
				w.first[i], w.second[i], w.holder[i] = m, w.first[i], k
			case m > w.second[i]:
				w.second[i] = m
			}
		}
		idf, means := groups[i].IDF, 1.
		if meaning != nil {
			means = float64(meaning[i])
		}
		few := float64(len(best))
		w.weights[byRarity][i], w.weights[byMeaning][i], w.weights[byBoth][i] = idf, means, idf*means
		w.weights[byDistinction][i] = idf * math.Log(1+(few-all+.5)/(all+.5))
		for k := range w.weights {
			w.sums[k] += w.weights[k][i]
			w.most[k] = max(w.most[k], w.weights[k][i])
		}
	}
	w.worths(surprisal)
	return w
}

// matchOf is how likely a candidate has a concept: it holds the word in one of
// its forms, or has a word near it.
func matchOf(c *candidate, concept int) float64 {
	var match float64
	if c.certain != nil {
		match = c.certain[concept]
	}
	if c.nearest != nil {
		near := float64(c.nearest[concept])
		match = max(match, near*near)
	}
	return match
}

// matchesOf returns how likely a candidate has each concept.
func (w *weighing) matchesOf(c *candidate) []float64 {
	n := len(w.groups)
	return w.matches[c.signs.number*n:][:n]
}

// share is a weight of concepts as a share of that of all.
func (w *weighing) share(x float64, of int) float32 { return float32(x / max(w.sums[of], 1e-9)) }

// compare fills the signs of one candidate that follow from its concepts and that the
// others are compared with, see [leads].
func (w *weighing) compare(c *candidate) {
	s := &c.signs.Signs
	var held float64
	for i, match := range w.matchesOf(c) {
		held += w.weights[byRarity][i] * match
	}
	s[signConcepts] = w.share(held, byRarity)
	s[signLexical] = w.share(float64(s[signLexical]), byRarity)
	s[signWindow] = w.window(c.places, 20)
}

// sign fills the other signs that follow from a candidate's concepts.
func (w *weighing) sign(c *candidate) {
	s, number := &c.signs.Signs, c.signs.number
	var held [concepts]float64
	var weakest, second, exclusive, elsewhere, nowhere float64
	for i, match := range w.matchesOf(c) {
		for k := range held {
			held[k] += w.weights[k][i] * match
		}
		idf := w.weights[byRarity][i]
		switch missing := idf / max(w.most[byRarity], 1e-9) * (1 - match); {
		case missing > weakest:
			weakest, second = missing, weakest
		case missing > second:
			second = missing
		}
		if w.holder[i] == number {
			exclusive += idf * (match - w.second[i])
		}
		elsewhere += idf * (w.first[i] - match)
		nowhere += idf * (1 - w.first[i])
	}
	s[signKnown], s[signUnknown] = w.known(c, s[signLanguage] == 1)
	w.lost(c, s)
	w.total(c, s)
	w.nearby(c, s)
	s[signMeant], s[signMeantRare], s[signDistinct] = w.share(held[byMeaning], byMeaning), w.share(held[byBoth], byBoth), w.share(held[byDistinction], byDistinction)
	s[signWeakest], s[signSecondWeakest] = float32(1-weakest), float32(1-second)
	s[signExclusive], s[signElsewhere], s[signNowhere] = w.share(exclusive, byRarity), w.share(elsewhere, byRarity), w.share(nowhere, byRarity)
	s[signNarrow], s[signWide] = w.window(c.places, 10), w.window(c.places, 40)
}

// sureTranslation is the probability in the lexicon from which on a passage in the other
// language could have been found by a word.
const sureTranslation = 0.3

// known compares a candidate with the words that it could hold, by idf: in the
// question's language all of them, in another one those that the lexicon translates, in
// part where it is not sure. That a passage lacks another word says nothing about it.
// held is the share of those that the candidate has, unknown the share of all that it could not
// hold.
func (w *weighing) known(c *candidate, sameLanguage bool) (held, unknown float32) {
	var could, has float64
	for i, match := range w.matchesOf(c) {
		reach := 1.
		if !sameLanguage {
			reach = max(match, min(1, w.groups[i].Translated/sureTranslation))
		}
		idf := w.weights[byRarity][i]
		could += idf * reach
		has += idf * reach * match
	}
	return float32(has / max(could, 1e-9)), float32(1 - could/max(w.sums[byRarity], 1e-9))
}

// window is the share of the question's idf weight in the best stretch of so many
// words of the passage, stop words not counted; the title counts to each. The
// places rise.
func (w *weighing) window(found []lexical.Place, width int) float32 {
	clear(w.titled)
	from := 0
	for ; from < len(found) && found[from].At < 0; from++ {
		p := &found[from]
		w.titled[p.Word] = max(w.titled[p.Word], p.Share)
	}
	highest := w.weight(w.titled)
	for to := from; from < len(found); from++ {
		end := to
		for to < len(found) && found[to].At < found[from].At+width {
			to++
		}
		if to == end {
			continue // the stretch before holds these places too
		}
		copy(w.inside, w.titled)
		for i := range found[from:to] {
			p := &found[from+i]
			w.inside[p.Word] = max(w.inside[p.Word], p.Share)
		}
		highest = max(highest, w.weight(w.inside))
	}
	return float32(highest / max(w.sums[byRarity], 1e-9))
}

// weight is the idf weight of the concepts' shares.
func (w *weighing) weight(shares []float32) float64 {
	var sum float64
	for i, share := range shares {
		sum += w.weights[byRarity][i] * float64(share)
	}
	return sum
}
