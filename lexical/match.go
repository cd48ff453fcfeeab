package lexical

import "slices"

// Match is a word of the question that a passage's term stands for.
type Match struct {
	Word  int     // its number in Question.Groups
	Share float32 // how likely the term means it: 1 for the best form, above 0
}

// Matcher finds a question's words in passages. It is made for one question and
// not safe for concurrent use.
type Matcher struct {
	analyzer *Analyzer
	asked    map[uint32][]Match // by dimension
	known    map[string][]Match // by word, of those that passages held so far
	sound    bool
	keys     []string
	scratch  []uint64
}

// Matcher returns one for the question.
func (q *Question) Matcher() *Matcher {
	m := &Matcher{analyzer: q.analyzer, asked: make(map[uint32][]Match, len(q.Sparse.Dimensions)), known: map[string][]Match{}, sound: q.sound}
	for i := range q.Groups {
		for j, d := range q.Groups[i].Dimensions {
			m.asked[d] = append(m.asked[d], Match{i, float32(q.Groups[i].share(j))})
		}
	}
	return m
}

// Term returns the question's words that the passage's term stands for, by
// rising number. The result must not be changed.
func (m *Matcher) Term(t *Term) []Match {
	if found, known := m.known[t.Word]; known {
		return found
	}
	var found []Match
	add := func(dimension uint32) {
		for _, match := range m.asked[dimension] {
			at, held := slices.BinarySearchFunc(found, match.Word, func(x Match, word int) int { return x.Word - word })
			switch {
			case !held:
				found = slices.Insert(found, at, match)
			case found[at].Share < match.Share:
				found[at].Share = match.Share
			}
		}
	}
	m.scratch = m.analyzer.appendDimensions(m.scratch[:0], t)
	for _, d := range m.scratch {
		add(uint32(d >> 32))
	}
	if m.sound {
		m.keys = skeletons(m.keys[:0], t.Word, t.Script)
		for _, key := range m.keys {
			add(SoundHash(t.Script, key))
		}
	}
	m.known[t.Word] = found
	return found
}
