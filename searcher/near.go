package searcher

import (
	"context"
	"math"

	"dalil/lexical"
)

// nearness measures how similar the arrangement of words is in the passage and in
// the question. Each value is 0 to 1. A question of one word has no pairs; then
// coverage is used.
type nearness struct {
	adjacent float32 // idf weight of neighbouring words of the question that are neighbours in the passage too, in any order
	ordered  float32 // the same, in the question's order
	dense    float32 // matched words / words in the shortest section that contains as many
	matched  float32 // share of the passage's words that match a word of the question
	title    float32 // idf weight of the question's words that the title contains
	window   float32 // idf weight of the question's words that the best stretch of windowWords words holds
}

// near scores the positions of the question's words in the best passages: a passage
// for "free trade" should have two neighbouring words, in either language.
func (r *run) near(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	best := r.best(candidates)
	stretches := newWindows(r.question.Groups)
	measuring := newMeasuring(r.question.Groups)
	for i := range best {
		c := &best[i]
		if c.profile == nil {
			continue
		}
		c.script = c.profile.words.Script()
		c.near = measuring.measure(c.places)
		c.near.matched = matched(c.places, c.profile.words.Terms())
		c.near.window = stretches.best(c.places)
	}
	return candidates, nil
}

// matched returns the share of the passage's words that match a word of the question.
func matched(found []lexical.Place, terms int) float32 {
	n := 0
	for i := range found {
		if i == 0 || found[i].At != found[i-1].At {
			n++
		}
	}
	return float32(n) / float32(max(terms, 1))
}

// measuring measures the passages of one question. It keeps its memory for the next one.
type measuring struct {
	groups                   []lexical.Group
	adjacent, ordered, title []float32 // of each word of the question
	counts                   []int     // of each word of the question, its places
}

func newMeasuring(groups []lexical.Group) *measuring {
	n := len(groups)
	shares := make([]float32, 3*n)
	return &measuring{groups: groups, adjacent: shares[:n], ordered: shares[n : 2*n], title: shares[2*n:], counts: make([]int, n)}
}

// measure needs the places in ascending order.
func (m *measuring) measure(found []lexical.Place) nearness {
	var n nearness
	groups, adjacent, ordered, title := m.groups, m.adjacent, m.ordered, m.title
	if len(groups) == 0 {
		return n
	}
	clear(adjacent)
	clear(ordered)
	clear(title)
	for k := range found {
		p := &found[k]
		if p.At < 0 {
			title[p.Word] = max(title[p.Word], p.Share)
		}
		for j := k + 1; j < len(found) && found[j].At <= p.At+1; j++ {
			next := &found[j]
			share := min(p.Share, next.Share)
			switch next.Word - p.Word {
			case 1:
				ordered[p.Word] = max(ordered[p.Word], share)
				adjacent[p.Word] = max(adjacent[p.Word], share)
			case -1:
				adjacent[next.Word] = max(adjacent[next.Word], share)
			}
		}
	}
	var all, pairs float64
	for i, g := range groups {
		all += g.IDF
		n.title += title[i] * float32(g.IDF)
		if i+1 < len(groups) {
			weight := g.IDF + groups[i+1].IDF
			pairs += weight
			n.adjacent += adjacent[i] * float32(weight)
			n.ordered += ordered[i] * float32(weight)
		}
	}
	n.title /= float32(max(all, 1e-9))
	if len(groups) > 1 {
		n.adjacent /= float32(max(pairs, 1e-9))
		n.ordered /= float32(max(pairs, 1e-9))
	} else {
		for _, p := range found {
			n.adjacent = max(n.adjacent, p.Share)
		}
		n.ordered = n.adjacent
	}
	n.dense = m.narrowest(found)
	return n
}

// sure is the share from which on a word counts as matched in the search for the
// shortest section.
const sure = 0.4

// narrowest measures how close together the passage's matched words are.
func (m *measuring) narrowest(found []lexical.Place) float32 {
	counts := m.counts
	clear(counts)
	held := 0
	for i := range found {
		if p := &found[i]; p.Share >= sure && counts[p.Word] == 0 {
			counts[p.Word] = 1
			held++
		}
	}
	if held <= 1 {
		return float32(held) // one word is as close together as it can be
	}
	clear(counts)
	width, inside, from := math.MaxInt, 0, 0
	for i := range found {
		p := &found[i]
		if p.Share < sure {
			continue
		}
		if counts[p.Word]++; counts[p.Word] == 1 {
			inside++
		}
		for inside == held {
			first := &found[from]
			from++
			if first.Share < sure {
				continue
			}
			width = min(width, p.At-first.At+1)
			if counts[first.Word]--; counts[first.Word] == 0 {
				inside--
			}
		}
	}
	return float32(held) / float32(max(width, held))
}
