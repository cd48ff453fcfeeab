package claims

import (
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/lexical"
)

// denial is a word that a text negates.
type denial struct {
	particle corpus.Span
	word     corpus.Span
	base     string // English: the base form of the verb that is negated, if its form shows that it is one
}

// negation is what a text denies.
type negation struct {
	denials []denial
	denies  bool // it has a particle, or a word that may deny something: refuse, lack, impossible
}

// Bounds of a negation.
const (
	// mostBetween is how many words may be between a particle and the word that it negates.
	mostBetween = 4
	// worthNegating is the support from which a sentence is checked for a negation, and
	// afterNegation is what is left of it.
	worthNegating = 0.3
	afterNegation = 0.45
	// leastNegated is how likely the other text has the negated word.
	leastNegated = 0.05
)

// negationOf finds the words that a text negates.
func (c *Checker) negationOf(text string) negation {
	var n negation
	words := c.deps.Analyzer.Words(text)
	for i, w := range words {
		n.denies = n.denies || mayDeny(w)
		if !negates(words, i) {
			continue
		}
		if at := negated(text, words[i:]); at > 0 {
			d := denial{particle: w.Span, word: words[i+at].Span}
			if w.Script == lexical.Latin && takesBase(words, i) {
				d.base = words[i+at].Word
			}
			n.denials = append(n.denials, d)
		}
	}
	return n
}

// negates reports whether word i is a particle of negation. What only looks like one
// (not only, لا يزال) is none.
func negates(words []lexical.Term, i int) bool {
	word := apostrophes.Replace(words[i].Word)
	next := ""
	if i+1 < len(words) {
		next = words[i+1].Word
	}
	if words[i].Script == lexical.Latin {
		return particles[word] && !exceptions[next] && (word != "no" || !words[i].Upper || i == 0)
	}
	word = strings.TrimPrefix(strings.TrimPrefix(word, "و"), "ف")
	switch {
	case word == "لا":
		return strings.ContainsAny(firstOf(next), "يتن") && !exceptions[next]
	case word == "ما": // before a verb it is more often "what"
		return false
	}
	return particles[word] && !exceptions[next]
}

func firstOf(s string) string {
	for _, r := range s {
		return string(r)
	}
	return " "
}

// negated returns which word the particle words[0] negates: the next word with a
// meaning of its own in the same clause; 0: none.
func negated(text string, words []lexical.Term) int {
	for i := 1; i < len(words) && i <= mostBetween; i++ {
		between := text[words[i-1].Span.End:max(words[i].Span.Start, words[i-1].Span.End)] // a word with a hyphen and its second part overlap
		if strings.ContainsAny(between, ",.;:،؛!?؟()«»\"") {
			return 0
		}
		if w := words[i]; !w.Stop && !helpers[w.Word] {
			return i
		}
	}
	return 0
}

// mayDeny reports whether a word denies something by itself.
func mayDeny(w lexical.Term) bool {
	word := apostrophes.Replace(w.Word)
	if particles[word] || deniers[word] {
		return true
	}
	if w.Script == lexical.Arabic {
		for _, prefix := range []string{"و", "ف", "ب", "ل", "ال", "وال", "بال", "لل"} {
			if rest, ok := strings.CutPrefix(word, prefix); ok && (particles[rest] || deniers[rest]) {
				return true
			}
		}
		for _, part := range denyingParts[lexical.Arabic] {
			if strings.Contains(word, part) {
				return true
			}
		}
		return false
	}
	for _, part := range denyingParts[lexical.Latin] {
		if strings.HasPrefix(word, part) {
			return true
		}
	}
	return len(word) > 5 && strings.HasSuffix(word, "less")
}

// negations compares what a claim and a sentence deny: it returns the words that one
// of them negates while the other says the same without any negation.
func (c *Checker) negations(claim *claimText, s *score, of *sentence) []corpus.Mismatch {
	if s.support < worthNegating {
		return nil
	}
	source := c.negationOf(of.text)
	var all []corpus.Mismatch
	if len(claim.negation.denials) > 0 && !source.denies {
		for _, d := range claim.negation.denials {
			if found := c.wordOf(s.question, d, claim.text, of.text); found != nil {
				all = append(all, corpus.Mismatch{
					Kind: corpus.MismatchNegation, Source: of.source,
					Claim: inAnswer(claim.part, corpus.Span{Start: d.particle.Start, End: d.word.End}), Found: inSource(of, *found),
				})
			}
		}
	}
	if len(source.denials) > 0 && !claim.negation.denies {
		question := c.deps.Expander.Question(of.text, wordsOf(claim.sparse), false)
		for _, d := range source.denials {
			if found := c.wordOf(&question, d, of.text, claim.text); found != nil {
				all = append(all, corpus.Mismatch{
					Kind: corpus.MismatchNegation, Source: of.source,
					Claim: inAnswer(claim.part, *found), Found: inSource(of, corpus.Span{Start: d.particle.Start, End: d.word.End}),
				})
			}
		}
	}
	return all
}

// verbCore is an Arabic verb without its particles, its person and its form IV: يعلن, أعلن and وأعلنت have one. It is
// empty for other words and for what has fewer than three letters left. The negated past has the form of the
// present (لم يعلن), so the stems of a verb and of its negation differ.
func verbCore(t lexical.Term) string {
	if t.Script != lexical.Arabic {
		return ""
	}
	word := without(strings.CutPrefix, t.Word, 4, "و", "ف")
	word = without(strings.CutPrefix, word, 3, "ي", "ت", "ن", "ا")
	word = without(strings.CutSuffix, word, 3, "وا", "ون", "ت", "ا")
	if utf8.RuneCountInString(word) < 3 {
		return ""
	}
	return word
}

// without cuts the first of the affixes that a word has, if so many letters are left.
func without(cut func(s, affix string) (string, bool), word string, least int, affixes ...string) string {
	for _, affix := range affixes {
		if rest, ok := cut(word, affix); ok && utf8.RuneCountInString(rest) >= least {
			return rest
		}
	}
	return word
}

// wordsOf are the words of one text, each as frequent as it is there.
func wordsOf(text corpus.Sparse) words {
	held := map[uint32]int{}
	for _, d := range text.Dimensions {
		held[d]++
	}
	return words{held: held, passages: leastPassages}
}

// wordOf finds the word of a text that says the same as the word that the question's
// text, asked, denies; nil: there is none.
func (c *Checker) wordOf(q *lexical.Question, d denial, asked, text string) *corpus.Span {
	found, is := c.likest(q, d, d.word, asked, text)
	if past := regularPasts[d.base]; past != "" { // "not found" may be "not founded"
		own := c.deps.Expander.Question(past, wordsOf(lexical.NewEncoder(c.deps.Analyzer, sentenceTerms).Passage("", text)), false)
		if other, likelier := c.likest(&own, d, corpus.Span{End: len(past)}, asked, text); likelier > is {
			found = other
		}
	}
	return found
}

// likest returns the word of a text that most likely says the same as the question's
// word at a place, and how likely that is; nil: none does.
func (c *Checker) likest(q *lexical.Question, d denial, at corpus.Span, asked, text string) (*corpus.Span, float64) {
	encoder := lexical.NewEncoder(c.deps.Analyzer, sentenceTerms)
	for k := range q.Groups {
		if !overlap(q.Groups[k].Span, at) {
			continue
		}
		var found *corpus.Span
		best := leastNegated
		word := ""
		if terms := c.deps.Analyzer.Words(asked[d.word.Start:d.word.End]); len(terms) == 1 {
			word = verbCore(terms[0])
		}
		for _, t := range c.deps.Analyzer.Terms(text) {
			is := q.Held(encoder.Passage("", text[t.Span.Start:t.Span.End]))[k]
			if word != "" && word == verbCore(t) || d.base != "" && isFormOf(t.Word, d.base) {
				is = 1
			}
			if is > best {
				best, found = is, &corpus.Span{Start: t.Span.Start, End: t.Span.End}
			}
		}
		return found, best
	}
	return nil, 0
}
