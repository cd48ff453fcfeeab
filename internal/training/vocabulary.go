package training

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/embedder/tokenizer"
)

// Bounds on the pieces of a vocabulary.
const (
	maxPieceRunes = 16
	seedFactor    = 12 // seed pieces for each piece wanted
	shrink        = 0.7
)

// unknownPiece is what text outside the vocabulary becomes; it has no part in
// a vector.
const unknownPiece = "[UNK]"

// LearnVocabulary learns a unigram vocabulary of the given size (Kudo, ACL 2018):
// from all frequent substrings, expectation maximisation of the pieces'
// probabilities alternates with leaving out those whose loss costs least. All
// letters stay. The first piece is the unknown one.
func LearnVocabulary(texts []string, size int) ([]tokenizer.Piece, error) {
	words, err := countWords(texts)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("the %d texts hold no word", len(texts))
	}
	l := &lattice{words: words, index: map[string]int32{}}
	l.seed(size * seedFactor)
	for {
		for range 2 {
			l.maximise(l.expect())
		}
		if len(l.pieces) < size {
			break
		}
		l.prune(max(int(float64(len(l.pieces))*shrink), size-1))
		if len(l.pieces) <= size-1 {
			for range 2 {
				l.maximise(l.expect())
			}
			break
		}
	}
	pieces := []tokenizer.Piece{{Text: unknownPiece}}
	slices.SortFunc(l.pieces, func(a, b piece) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.text, b.text))
	})
	for _, p := range l.pieces {
		pieces = append(pieces, tokenizer.Piece{Text: p.text, Score: p.score})
	}
	return pieces, nil
}

type word struct {
	text  string
	count float64
}

// countWords normalises and cuts texts as the finished tokenizer will.
func countWords(texts []string) ([]word, error) {
	splitter, err := tokenizer.NewSplitter(tokenizer.ArabicNormalizer(), tokenizer.WordPieces())
	if err != nil {
		return nil, err
	}
	counts := map[string]float64{}
	for _, text := range texts {
		for w := range splitter.Words(text) {
			if utf8.RuneCount(w) <= 64 {
				counts[string(w)]++
			}
		}
	}
	words := make([]word, 0, len(counts))
	for text, n := range counts {
		words = append(words, word{text, n})
	}
	slices.SortFunc(words, func(a, b word) int { return strings.Compare(a.text, b.text) })
	return words, nil
}

type piece struct {
	text   string
	score  float64 // log probability
	letter bool    // a single rune: never left out
}

type lattice struct {
	words  []word
	pieces []piece
	index  map[string]int32
}

// seed lists every letter, and the substrings that cover most text.
func (l *lattice) seed(limit int) {
	counts := map[string]float64{}
	var starts []int
	for _, w := range l.words {
		starts = starts[:0]
		for i := range w.text {
			starts = append(starts, i)
		}
		starts = append(starts, len(w.text))
		for i := range starts {
			for j := i + 1; j < len(starts) && j-i <= maxPieceRunes; j++ {
				counts[w.text[starts[i]:starts[j]]] += w.count
			}
		}
	}
	for text, n := range counts {
		runes := utf8.RuneCountInString(text)
		if runes == 1 || n >= 2 {
			l.pieces = append(l.pieces, piece{text: text, score: n * float64(runes), letter: runes == 1})
		}
	}
	slices.SortFunc(l.pieces, func(a, b piece) int {
		if a.letter != b.letter {
			if a.letter {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.text, b.text))
	})
	l.pieces = slices.Clip(l.pieces[:min(len(l.pieces), limit)])
	expected := make([]float64, len(l.pieces))
	for i, p := range l.pieces {
		expected[i] = counts[p.text]
	}
	l.reindex()
	l.maximise(expected)
}

func (l *lattice) reindex() {
	clear(l.index)
	for i, p := range l.pieces {
		l.index[p.text] = int32(i)
	}
}

// edge is a piece that spells a part of a word.
type edge struct {
	from, to int
	piece    int32
}

// edges lists the pieces that fit into a word, by where they begin.
func (l *lattice) edges(to []edge, text string) []edge {
	to = to[:0]
	for i := range text {
		runes := 0
		for j := i; j < len(text) && runes < maxPieceRunes; runes++ {
			_, size := utf8.DecodeRuneInString(text[j:])
			j += size
			if p, ok := l.index[text[i:j]]; ok {
				to = append(to, edge{i, j, p})
			}
		}
	}
	return to
}

// expect is how often each piece is used, over all ways to cut every word, by
// the forward-backward algorithm.
func (l *lattice) expect() []float64 {
	expected := make([]float64, len(l.pieces))
	var edges []edge
	var forward, backward []float64
	for _, w := range l.words {
		edges = l.edges(edges, w.text)
		n := len(w.text)
		forward, backward = logZero(forward, n+1), logZero(backward, n+1)
		forward[0], backward[n] = 0, 0
		for _, e := range edges { // by rising from: what leads to from is complete
			forward[e.to] = logAdd(forward[e.to], forward[e.from]+l.pieces[e.piece].score)
		}
		for i := len(edges) - 1; i >= 0; i-- {
			e := edges[i]
			backward[e.from] = logAdd(backward[e.from], backward[e.to]+l.pieces[e.piece].score)
		}
		total := forward[n]
		if math.IsInf(total, -1) {
			continue
		}
		for _, e := range edges {
			expected[e.piece] += w.count * math.Exp(forward[e.from]+l.pieces[e.piece].score+backward[e.to]-total)
		}
	}
	return expected
}

func logZero(x []float64, n int) []float64 {
	x = slices.Grow(x[:0], n)[:n]
	for i := range x {
		x[i] = math.Inf(-1)
	}
	return x
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) || b-a < -40 {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// maximise sets the scores by the expected counts; pieces that are hardly used
// go, letters stay.
func (l *lattice) maximise(expected []float64) {
	var kept []piece
	var counts []float64
	var sum float64
	for i, p := range l.pieces {
		n := expected[i]
		if p.letter {
			n = max(n, 0.5)
		}
		if n >= 0.5 {
			kept, counts = append(kept, p), append(counts, n)
			sum += n
		}
	}
	for i := range kept {
		kept[i].score = math.Log(counts[i] / sum)
	}
	l.pieces = kept
	l.reindex()
}

// prune keeps the n pieces whose loss would cost the likelihood most: what a
// piece is used for, times how much worse its best spelling by others is.
func (l *lattice) prune(n int) {
	expected := l.expect()
	loss := make([]float64, len(l.pieces))
	var edges []edge
	for i, p := range l.pieces {
		if p.letter {
			loss[i] = math.Inf(1)
			continue
		}
		edges = l.edges(edges, p.text)
		best := logZero(nil, len(p.text)+1)
		best[0] = 0
		for _, e := range edges {
			if e.piece != int32(i) {
				best[e.to] = max(best[e.to], best[e.from]+l.pieces[e.piece].score)
			}
		}
		loss[i] = expected[i] * (p.score - best[len(p.text)])
	}
	order := make([]int, len(l.pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(loss[b], loss[a]), strings.Compare(l.pieces[a].text, l.pieces[b].text))
	})
	kept := make([]piece, 0, n)
	for _, i := range order[:min(n, len(order))] {
		kept = append(kept, l.pieces[i])
	}
	l.pieces = kept
	l.reindex()
}
