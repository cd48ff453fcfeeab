package tokenizer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// wordPiece takes the longest piece that fits, from left to right (Wu et al.,
// 2016); a word that can't be spelled so is the unknown piece as a whole.
type wordPiece struct {
	begin, inside trie // pieces at the beginning of a word, and after it without their prefix
	vocabulary    vocabulary
	unk           int32
	maxLetters    int
}

func newWordPiece(v vocabulary, unk, prefix string, maxLetters int) (*wordPiece, error) {
	m := &wordPiece{vocabulary: v, maxLetters: maxLetters}
	var ok bool
	if m.unk, ok = v.ids[unk]; !ok {
		return nil, fmt.Errorf("%w: unk_token %q is not in the vocabulary", ErrFormat, clip(unk))
	}
	inside := map[string]int32{}
	for text, id := range v.ids {
		if rest, ok := strings.CutPrefix(text, prefix); ok && rest != "" {
			inside[rest] = id
		}
	}
	m.begin, m.inside = trieOf(v.ids), trieOf(inside)
	return m, nil
}

// trieOf builds a trie of a map.
func trieOf(ids map[string]int32) trie {
	keys := make([]string, 0, len(ids))
	for text := range ids {
		if text != "" {
			keys = append(keys, text)
		}
	}
	slices.Sort(keys)
	values := make([]int32, len(keys))
	for i, text := range keys {
		values[i] = ids[text]
	}
	return newTrie(keys, values)
}

func (m *wordPiece) size() int { return m.vocabulary.size }

func (m *wordPiece) id(piece string) (int32, bool) { return m.vocabulary.id(piece) }

func (m *wordPiece) unknown() (int32, bool) { return m.unk, true }

func (m *wordPiece) appendIDs(dst []int32, word []byte, _ *workspace) []int32 {
	if utf8.RuneCount(word) > m.maxLetters {
		return append(dst, m.unk)
	}
	mark := len(dst)
	pieces := m.begin
	for len(word) > 0 {
		id, n := pieces.longest(word)
		if n == 0 {
			return append(dst[:mark], m.unk)
		}
		dst = append(dst, id)
		word = word[n:]
		pieces = m.inside
	}
	return dst
}

// longest finds the longest key that text begins with; n is 0 if none does.
func (t trie) longest(text []byte) (value int32, n int) {
	at := int32(trieRoot)
	for i, c := range text {
		var ok bool
		if at, ok = t.step(at, c); !ok {
			break
		}
		if v := t.nodes[at].value; v >= 0 {
			value, n = v, i+1
		}
	}
	return value, n
}

// wordLevel has whole words only.
type wordLevel struct {
	vocabulary vocabulary
	unk        int32 // -1: none
}

func (m *wordLevel) size() int { return m.vocabulary.size }

func (m *wordLevel) id(piece string) (int32, bool) { return m.vocabulary.id(piece) }

func (m *wordLevel) unknown() (int32, bool) { return m.unk, m.unk >= 0 }

func (m *wordLevel) appendIDs(dst []int32, word []byte, _ *workspace) []int32 {
	id, ok := m.vocabulary.ids[string(word)]
	if !ok {
		id = m.unk
	}
	if id < 0 {
		return dst
	}
	return append(dst, id)
}
