package tokenizer

import (
	"fmt"
	"unicode/utf8"
)

// bpe merges pairs of pieces, the earliest learned first (Sennrich et al., ACL
// 2016). Pending merges wait in a heap, so a word of n letters takes
// O(n log n).
type bpe struct {
	vocabulary   vocabulary
	merges       map[piecePair]mergeRule
	unk          int32  // -1: none
	prefix       string // of pieces that do not begin a word
	suffix       string // of pieces that end a word
	fuse         bool   // a run of unknown letters is one
	ignoreMerges bool   // a word of the vocabulary is taken whole
	fallback     *[256]int32
}

type piecePair struct{ left, right int32 }

type mergeRule struct{ rank, id int32 }

// merging is the memory of one word.
type merging struct {
	symbols []symbol
	heap    []pendingMerge
	text    []byte
}

// symbol is a piece of the word in a doubly linked list.
type symbol struct {
	id         int32
	prev, next int32 // -1: none
	gone       bool  // merged into the one before
}

type pendingMerge struct{ rank, at, id int32 }

func (m *bpe) addMerge(left, right string, rank int) error {
	l, okLeft := m.vocabulary.ids[left]
	r, okRight := m.vocabulary.ids[right]
	if !okLeft || !okRight {
		return fmt.Errorf("%w: merge %d joins %q and %q, which are not both in the vocabulary", ErrFormat, rank, clip(left), clip(right))
	}
	if len(right) < len(m.prefix) {
		return fmt.Errorf("%w: merge %d: %q is shorter than the prefix %q", ErrFormat, rank, clip(right), clip(m.prefix))
	}
	joined := left + right[len(m.prefix):]
	id, ok := m.vocabulary.ids[joined]
	if !ok {
		return fmt.Errorf("%w: merge %d makes %q, which is not in the vocabulary", ErrFormat, rank, clip(joined))
	}
	m.merges[piecePair{l, r}] = mergeRule{int32(rank), id}
	return nil
}

func (m *bpe) size() int { return m.vocabulary.size }

func (m *bpe) id(piece string) (int32, bool) { return m.vocabulary.id(piece) }

func (m *bpe) unknown() (int32, bool) { return m.unk, m.unk >= 0 }

func (m *bpe) appendIDs(dst []int32, word []byte, w *workspace) []int32 {
	if m.ignoreMerges {
		if id, ok := m.vocabulary.ids[string(word)]; ok {
			return append(dst, id)
		}
	}
	g := &w.merge
	m.spell(word, g)
	m.mergeAll(g)
	for i := range g.symbols {
		if s := &g.symbols[i]; !s.gone {
			dst = append(dst, s.id)
		}
	}
	return dst
}

// spell fills g.symbols with the word's letters.
func (m *bpe) spell(word []byte, g *merging) {
	g.symbols = g.symbols[:0]
	pending := false // unknown letters that are not in the list yet
	for at := 0; at < len(word); {
		_, n := utf8.DecodeRune(word[at:])
		letter := word[at : at+n]
		if at > 0 && m.prefix != "" || at+n == len(word) && m.suffix != "" {
			g.text = g.text[:0]
			if at > 0 {
				g.text = append(g.text, m.prefix...)
			}
			g.text = append(g.text, letter...)
			if at+n == len(word) {
				g.text = append(g.text, m.suffix...)
			}
			letter = g.text
		}
		at += n
		if id, ok := m.vocabulary.ids[string(letter)]; ok {
			if pending {
				g.add(m.unk)
				pending = false
			}
			g.add(id)
			continue
		}
		if m.fallback != nil && m.spellBytes(letter, g) {
			continue
		}
		if m.unk < 0 {
			continue
		}
		if pending && !m.fuse {
			g.add(m.unk)
		}
		pending = true
	}
	if pending {
		g.add(m.unk)
	}
}

func (m *bpe) spellBytes(letter []byte, g *merging) bool {
	for _, b := range letter {
		if m.fallback[b] < 0 {
			return false
		}
	}
	for _, b := range letter {
		g.add(m.fallback[b])
	}
	return true
}

func (g *merging) add(id int32) {
	n := int32(len(g.symbols))
	if n > 0 {
		g.symbols[n-1].next = n
	}
	g.symbols = append(g.symbols, symbol{id: id, prev: n - 1, next: -1})
}

func (m *bpe) mergeAll(g *merging) {
	g.heap = g.heap[:0]
	for i := 0; i+1 < len(g.symbols); i++ {
		m.consider(g, int32(i))
	}
	for len(g.heap) > 0 {
		top := g.pop()
		left := &g.symbols[top.at]
		if left.gone || left.next < 0 {
			continue
		}
		right := &g.symbols[left.next]
		// The pair may have changed since it was put on the heap.
		if rule, ok := m.merges[piecePair{left.id, right.id}]; !ok || rule.id != top.id {
			continue
		}
		right.gone = true
		left.id, left.next = top.id, right.next
		if left.next >= 0 {
			g.symbols[left.next].prev = top.at
			m.consider(g, top.at)
		}
		if left.prev >= 0 {
			m.consider(g, left.prev)
		}
	}
}

// consider puts the pair that begins at a symbol on the heap if it may merge.
func (m *bpe) consider(g *merging, at int32) {
	s := g.symbols[at]
	if rule, ok := m.merges[piecePair{s.id, g.symbols[s.next].id}]; ok {
		g.push(pendingMerge{rule.rank, at, rule.id})
	}
}

// before orders the heap: earlier learned, then further left.
func (a pendingMerge) before(b pendingMerge) bool {
	return a.rank < b.rank || a.rank == b.rank && a.at < b.at
}

// push and pop keep a binary heap without the interface values of
// container/heap.
func (g *merging) push(p pendingMerge) {
	g.heap = append(g.heap, p)
	for i := len(g.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !g.heap[i].before(g.heap[up]) {
			return
		}
		g.heap[i], g.heap[up] = g.heap[up], g.heap[i]
		i = up
	}
}

func (g *merging) pop() pendingMerge {
	top := g.heap[0]
	last := len(g.heap) - 1
	g.heap[0] = g.heap[last]
	g.heap = g.heap[:last]
	for i := 0; ; {
		least := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < last && g.heap[child].before(g.heap[least]) {
				least = child
			}
		}
		if least == i {
			return top
		}
		g.heap[i], g.heap[least] = g.heap[least], g.heap[i]
		i = least
	}
}
