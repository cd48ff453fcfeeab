package tokenizer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Piece is one entry of a Unigram vocabulary.
type Piece struct {
	Text  string
	Score float64 // log probability
}

// UnigramOptions are what a Unigram tokenizer needs beside its pieces.
type UnigramOptions struct {
	Unknown      int             // index of the piece for text that is not in the vocabulary; negative: none
	ByteFallback bool            // unknown letters become the pieces <0x00> to <0xFF> where the vocabulary has them
	Normalizer   json.RawMessage // as in tokenizer.json; empty: none
	PreTokenizer json.RawMessage // as in tokenizer.json; empty: none
}

// Limits of a vocabulary, far above any in use.
const (
	maxPieces     = 1 << 21
	maxPieceBytes = 1 << 10
)

// unknownPenalty is what a letter outside the vocabulary costs beyond the
// least likely piece (SentencePiece's kUnkPenalty).
const unknownPenalty = 10

// unigram finds the most likely cut of a word (Kudo, ACL 2018) with Viterbi's
// algorithm: time is word length × longest piece at most.
type unigram struct {
	pieces   []Piece
	scores   []float64 // of the pieces, beside each other in memory
	trie     trie
	unk      int32 // -1: none
	unkScore float64
	fallback *[256]int32 // ids of the byte pieces; nil: no fallback
}

// unigramNode is the best way to a place in the word.
type unigramNode struct {
	score float64
	from  int32 // where the last piece begins; -1: not reached
	id    int32
}

// NewUnigram makes a tokenizer of pieces; ids are their indexes. With no
// unknown piece, text that the vocabulary can't spell gives no id.
func NewUnigram(pieces []Piece, o UnigramOptions) (*Tokenizer, error) {
	m, err := newUnigram(slices.Clone(pieces), o.Unknown, o.ByteFallback)
	if err != nil {
		return nil, err
	}
	words, err := NewSplitter(o.Normalizer, o.PreTokenizer)
	if err != nil {
		return nil, err
	}
	t := newTokenizer(words, m)
	t.raw = &document{Version: fileVersion, Normalizer: orNull(o.Normalizer), PreTokenizer: orNull(o.PreTokenizer)}
	t.memo = newMemo(words)
	return t, nil
}

func newUnigram(pieces []Piece, unknown int, byteFallback bool) (*unigram, error) {
	if len(pieces) == 0 || len(pieces) > maxPieces {
		return nil, fmt.Errorf("%w: %d pieces, not 1 to %d", ErrFormat, len(pieces), maxPieces)
	}
	if unknown >= len(pieces) {
		return nil, fmt.Errorf("%w: unk_id %d of %d pieces", ErrFormat, unknown, len(pieces))
	}
	m := &unigram{pieces: pieces, unk: int32(max(unknown, -1))}
	lowest := math.Inf(1)
	order := make([]int32, 0, len(pieces))
	for i, p := range pieces {
		switch {
		case p.Text == "" && int32(i) != m.unk:
			return nil, fmt.Errorf("%w: piece %d is empty", ErrFormat, i)
		case len(p.Text) > maxPieceBytes:
			return nil, fmt.Errorf("%w: piece %d has %d bytes, more than %d", ErrFormat, i, len(p.Text), maxPieceBytes)
		case !utf8.ValidString(p.Text):
			return nil, fmt.Errorf("%w: piece %d is not UTF-8", ErrFormat, i)
		case math.IsNaN(p.Score) || math.IsInf(p.Score, 0):
			return nil, fmt.Errorf("%w: piece %d has the score %v", ErrFormat, i, p.Score)
		}
		lowest = min(lowest, p.Score)
		if p.Text != "" {
			order = append(order, int32(i))
		}
	}
	m.unkScore = lowest - unknownPenalty
	m.scores = make([]float64, len(pieces))
	for i := range pieces {
		m.scores[i] = pieces[i].Score
	}
	slices.SortFunc(order, func(a, b int32) int {
		if c := strings.Compare(pieces[a].Text, pieces[b].Text); c != 0 {
			return c
		}
		return int(b - a) // of repeats the last one counts, as in the reference
	})
	keys, values := make([]string, 0, len(order)), make([]int32, 0, len(order))
	for _, i := range order {
		if text := pieces[i].Text; len(keys) == 0 || keys[len(keys)-1] != text {
			keys, values = append(keys, text), append(values, i)
		}
	}
	m.trie = newTrie(keys, values)
	if byteFallback {
		m.fallback = bytePieces(m)
	}
	return m, nil
}

// pieceIDs looks up the id of a piece by its text.
type pieceIDs interface {
	id(text string) (id int32, known bool)
}

// bytePieces finds the ids of <0x00> to <0xFF>; -1: not in the vocabulary.
func bytePieces(m pieceIDs) *[256]int32 {
	var ids [256]int32
	for b := range ids {
		id, ok := m.id(fmt.Sprintf("<0x%02X>", b))
		if !ok {
			id = -1
		}
		ids[b] = id
	}
	return &ids
}

func (m *unigram) size() int { return len(m.pieces) }

func (m *unigram) id(piece string) (int32, bool) { return m.trie.get([]byte(piece)) }

func (m *unigram) unknown() (int32, bool) { return m.unk, m.unk >= 0 }

func (m *unigram) appendIDs(dst []int32, word []byte, w *workspace) []int32 {
	best := m.search(word, w)
	w.backs = w.backs[:0]
	for end := int32(len(word)); end > 0; end = best[end].from {
		w.backs = append(w.backs, end)
	}
	for i := len(w.backs) - 1; i >= 0; i-- {
		end := w.backs[i]
		if best[end].id != m.unk {
			dst = append(dst, best[end].id)
			continue
		}
		// A run of unknown letters is one piece, as in the reference.
		start := best[end].from
		for i > 0 && best[w.backs[i-1]].id == m.unk {
			i--
		}
		dst = m.appendUnknown(dst, word[start:w.backs[i]])
	}
	return dst
}

// search fills the best way to every place of word.
func (m *unigram) search(word []byte, w *workspace) []unigramNode {
	w.viterbi = slices.Grow(w.viterbi[:0], len(word)+1)[:len(word)+1]
	best := w.viterbi
	for i := range best {
		best[i].from = -1
	}
	best[0].score = 0
	nodes := m.trie.nodes
	for start := 0; start < len(word); {
		_, letter := utf8.DecodeRune(word[start:])
		till := best[start].score
		spelled := false // the vocabulary has this letter alone
		n := int32(trieRoot)
		for end := start; end < len(word); {
			base := nodes[n].base
			child := base + int32(word[end])
			if base == 0 || nodes[child].parent != n {
				break
			}
			n = child
			end++
			id := nodes[n].value
			if id < 0 {
				continue
			}
			score := till + m.scores[id]
			if to := &best[end]; to.from < 0 || score > to.score {
				*to = unigramNode{score, int32(start), id}
			}
			spelled = spelled || end-start == letter
		}
		if !spelled {
			score := till + m.unkScore
			if to := &best[start+letter]; to.from < 0 || score > to.score {
				*to = unigramNode{score, int32(start), m.unk}
			}
		}
		start += letter
	}
	return best
}

func (m *unigram) appendUnknown(dst []int32, text []byte) []int32 {
	if id, ok := m.trie.get(text); ok {
		return append(dst, id) // the unknown piece's own text, as in the reference
	}
	if m.fallback != nil {
		mark := len(dst)
		for _, b := range text {
			id := m.fallback[b]
			if id < 0 {
				dst = dst[:mark]
				mark = -1
				break
			}
			dst = append(dst, id)
		}
		if mark >= 0 {
			return dst
		}
	}
	if m.unk < 0 {
		return dst
	}
	return append(dst, m.unk)
}
