package searcher

import (
	"context"
	"math"

	"dalil/lexical"
)

// nearness is how a passage's words stand to each other as the question's do.
// Each is 0 to 1; a question of one word has no pairs, and its passage is as
// near as it is covered.
type nearness struct {
	adjacent float32 // idf weight of neighbouring words of the question that stand side by side, in either order
	ordered  float32 // the same, in the question's order
	dense    float32 // words held / words in the narrowest stretch that holds as many
	matched  float32 // share of the passage's words that stand for one of the question's
	title    float32 // idf weight of the question's words that the title holds
}

// near looks where the question's words stand in the best passages: "free
// trade" asks for the two side by side, in whichever language.
func (r *run) near(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	best := r.best(candidates)
	matcher := r.question.Matcher()
	var terms []lexical.Term
	var found []place
	for i := range best {
		point, held := r.points[best[i].hit.ID]
		if !held {
			continue
		}
		terms, found = terms[:0], found[:0]
		if point.Document != nil {
			terms = r.deps.Analyzer.AppendTerms(terms, point.Document.Title)
		}
		titled := len(terms)
		terms = r.deps.Analyzer.AppendTerms(terms, point.Chunk.Text)
		matched := 0
		for at := range terms {
			matches := matcher.Term(&terms[at])
			if len(matches) > 0 {
				matched++
			}
			for _, m := range matches {
				p := place{at: at, match: m}
				if at < titled {
					p.at -= titled + titleGap
				}
				found = append(found, p)
			}
		}
		best[i].near = measure(r.question.Groups, found)
		best[i].near.matched = float32(matched) / float32(max(len(terms), 1))
	}
	return candidates, nil
}

// titleGap keeps the title's words, which have numbers below 0, away from the
// text's.
const titleGap = 1000

// place is where a word of the question stands in a passage.
type place struct {
	at    int
	match lexical.Match
}

// measure takes the places in rising order.
func measure(groups []lexical.Group, found []place) nearness {
	var n nearness
	if len(groups) == 0 {
		return n
	}
	adjacent, ordered, title := make([]float32, len(groups)), make([]float32, len(groups)), make([]float32, len(groups))
	for k, p := range found {
		if p.at < 0 {
			title[p.match.Word] = max(title[p.match.Word], p.match.Share)
		}
		for _, next := range found[k+1:] {
			if next.at > p.at+1 {
				break
			}
			share := min(p.match.Share, next.match.Share)
			switch next.match.Word - p.match.Word {
			case 1:
				ordered[p.match.Word] = max(ordered[p.match.Word], share)
				adjacent[p.match.Word] = max(adjacent[p.match.Word], share)
			case -1:
				adjacent[next.match.Word] = max(adjacent[next.match.Word], share)
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
			n.adjacent = max(n.adjacent, p.match.Share)
		}
		n.ordered = n.adjacent
	}
	n.dense = narrowest(found, len(groups))
	return n
}

// sure is the share from which a word counts as held where the narrowest
// stretch is looked for.
const sure = 0.4

// narrowest is how densely the words that the passage holds stand together.
func narrowest(found []place, words int) float32 {
	counts := make([]int, words)
	held := 0
	for _, p := range found {
		if p.match.Share >= sure {
			if counts[p.match.Word]++; counts[p.match.Word] == 1 {
				held++
			}
		}
	}
	if held == 0 {
		return 0
	}
	clear(counts)
	width, inside, from := math.MaxInt, 0, 0
	for _, p := range found {
		if p.match.Share < sure {
			continue
		}
		if counts[p.match.Word]++; counts[p.match.Word] == 1 {
			inside++
		}
		for inside == held {
			first := found[from]
			from++
			if first.match.Share < sure {
				continue
			}
			width = min(width, p.at-first.at+1)
			if counts[first.match.Word]--; counts[first.match.Word] == 0 {
				inside--
			}
		}
	}
	return float32(held) / float32(max(width, held))
}
