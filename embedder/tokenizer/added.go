package tokenizer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addedTokenJSON is one of the tokens that are looked for in the text itself,
// before the model.
type addedTokenJSON struct {
	ID         int64  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"`
	RStrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

const maxAdded = 1 << 16

// addedTokens holds two sets: one is looked for in the text as it came, one
// in the normalised text.
type addedTokens struct {
	plain, normal *addedSet // nil: empty
	ids           map[string]int32
	size          int // one more than the highest id
}

// addedSet finds the leftmost and there the longest token.
type addedSet struct {
	trie   trie
	tokens []addedToken // the trie's values are indexes
	begins [256]bool    // bytes that a token begins with
}

type addedToken struct {
	id int32
	addedTokenJSON
}

// newAddedTokens gives ids as the reference does: a token of the model's
// vocabulary has its id, another one the next free.
func newAddedTokens(list []addedTokenJSON, words *Splitter, m model) (*addedTokens, error) {
	if len(list) > maxAdded {
		return nil, fmt.Errorf("%w: %d added_tokens, more than %d", ErrFormat, len(list), maxAdded)
	}
	a := &addedTokens{ids: map[string]int32{}}
	next := int32(m.size())
	plain, normal := map[string]addedToken{}, map[string]addedToken{}
	for i, j := range list {
		if j.Content == "" || len(j.Content) > maxPieceBytes {
			return nil, fmt.Errorf("%w: added token %d has %d bytes, not 1 to %d", ErrFormat, i, len(j.Content), maxPieceBytes)
		}
		id, known := m.id(j.Content)
		if earlier, twice := a.ids[j.Content]; twice {
			id, known = earlier, true
		}
		if !known {
			id = next
			next++
		}
		a.ids[j.Content] = id
		a.size = max(a.size, int(id)+1)
		if !j.Normalized {
			plain[j.Content] = addedToken{id, j}
			continue
		}
		var w wordsSpace
		words.normalize(j.Content, &w)
		if len(w.normal) > 0 {
			normal[string(w.normal)] = addedToken{id, j}
		}
	}
	a.plain, a.normal = newAddedSet(plain), newAddedSet(normal)
	return a, nil
}

func newAddedSet(tokens map[string]addedToken) *addedSet {
	if len(tokens) == 0 {
		return nil
	}
	s := &addedSet{}
	keys := make([]string, 0, len(tokens))
	for text := range tokens {
		keys = append(keys, text)
	}
	slices.Sort(keys)
	values := make([]int32, len(keys))
	for i, text := range keys {
		values[i] = int32(i)
		s.tokens = append(s.tokens, tokens[text])
		s.begins[text[0]] = true
	}
	s.trie = newTrie(keys, values)
	return s
}

// sections calls found for each token in text, and between for the text before,
// between and after them.
func (s *addedSet) sections(text string, between func(start, end int), found func(id int32)) {
	done := 0
	for at := 0; at < len(text); {
		index, end := s.match(text, at)
		if index < 0 {
			at++
			continue
		}
		token, start := s.tokens[index], at
		at = end
		if token.SingleWord && (endsInWord(text[:start]) || beginsWithWord(text[end:])) {
			continue
		}
		if token.LStrip {
			start = len(strings.TrimRightFunc(text[:start], unicode.IsSpace))
		}
		if token.RStrip {
			end = len(text) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
		}
		if done < start {
			between(done, start)
		}
		found(token.id)
		done = end
	}
	if done < len(text) {
		between(done, len(text))
	}
}

// match finds the longest token at a place; -1: none begins there.
func (s *addedSet) match(text string, at int) (index int32, end int) {
	index = -1
	if !s.begins[text[at]] {
		return index, at
	}
	n := int32(trieRoot)
	for i := at; i < len(text); i++ {
		var ok bool
		if n, ok = s.trie.step(n, text[i]); !ok {
			break
		}
		if v := s.trie.nodes[n].value; v >= 0 {
			index, end = v, i+1
		}
	}
	return index, end
}

func endsInWord(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	return n > 0 && isWordLetter(r)
}

func beginsWithWord(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n > 0 && isWordLetter(r)
}

func (a *addedTokens) appendIDs(dst []int32, text string, t *Tokenizer, w *workspace) []int32 {
	if a.plain == nil {
		if text == "" {
			return dst
		}
		return t.appendSection(dst, text, true, w)
	}
	a.plain.sections(text,
		func(start, end int) { dst = t.appendSection(dst, text[start:end], start == 0, w) },
		func(id int32) {
			dst = append(dst, id)
			w.mark(len(dst))
		})
	return dst
}

// appendNormal handles normalised text.
func (a *addedTokens) appendNormal(dst []int32, text []byte, first bool, t *Tokenizer, w *workspace) []int32 {
	whole := string(text) // the words below overwrite the memory of text
	a.normal.sections(whole,
		func(start, end int) {
			t.words.cut([]byte(whole[start:end]), first && start == 0, &w.words)
			dst = t.appendWords(dst, w)
		},
		func(id int32) {
			dst = append(dst, id)
			w.mark(len(dst))
		})
	return dst
}
